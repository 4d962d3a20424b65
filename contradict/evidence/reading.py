"""What evidence reads in one text: amounts, days, places, negations and hedges, each with where it stands."""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
from dataclasses import dataclass
from math import inf
from typing import NamedTuple

from contradict.evidence.days import read_days, read_times
from contradict.evidence.wordlists import UNSPACED, Named, Span, named, pattern, tables, token_value
from contradict.lexicon import languages, lexicon

KEPT = 1 << 18  # texts whose reading is kept within a run
DONE_TO_PEOPLE = frozenset({"killed", "wounded", "displaced", "missing", "arrested"})
NEAR, FAR = 3, 8  # words from a number in which stands what it counts, and what was done
ABOUT = 0.15  # "about 100" is anything from 85 to 115
_MARKS = (
    "\u0300-\u036f\u064b-\u0652\u0900-\u0903\u093a-\u094f\u0e31-\u0e4e"  # combining, which are no letters to Python
)
_CJK = "\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_CJK}]+|[^\W\d_][\w{_MARKS}\u200c'’]*|\d+(?:[.,٬٫\u00a0\u202f]\d+)*")
_CLAUSE = re.compile(r"[.;,:!?،؛。，…()«»\"]")


class Counted(NamedTuple):
    """What a number counts: events and groups named beside it, the word that follows, and the worth of its unit.

    `part`, `total`: whether it is said to be a part, or all; `anyone`: whether any people, or events, are meant.
    """

    events: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    noun: str = ""
    factor: float = 1.0
    part: bool = False
    total: bool = False
    anyone: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as a range: "at least 10" is 10 and more.

    `of` says what is counted.
    """

    span: Span
    low: float
    high: float
    percent: bool
    of: Counted

    @property
    def exact(self) -> bool:
        """Whether the text commits itself to one value."""
        return self.low == self.high

    def excludes(self, other: Amount) -> bool:
        """Say whether no value fits both."""
        return self.high < other.low or other.high < self.low


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in one text."""

    amounts: tuple[Amount, ...]
    days: tuple[Named, ...]
    times: tuple[Named, ...]
    places: tuple[Named, ...]
    negations: tuple[Span, ...]
    hedges: tuple[Span, ...]
    scopes: tuple[Named, ...]
    names: tuple[Named, ...]
    in_order: tuple[str, ...]
    words: frozenset[str]
    dateline: frozenset[str]


def language_of(text: str, lang: str | None) -> str:
    """Return the code of the lexicon to read a text with: the one it is said to be in, else by its script."""
    code = (lang or "").split("-")[0].lower()
    if code in languages():
        return code
    letters = [letter for letter in text if letter.isalpha()][:40]
    scripts = [unicodedata.name(letter, "").split()[0] for letter in letters]
    script = max(sorted(set(scripts)), key=scripts.count, default="")
    return {"ARABIC": "ar", "CYRILLIC": "ru", "CJK": "zh", "GREEK": "el", "HANGUL": "ko"}.get(script, "en")


@functools.lru_cache(maxsize=KEPT)
def read(text: str, lang: str | None, date: datetime.date | None) -> Reading:
    """Read a text; "yesterday" is resolved by the date it was said on."""
    code = language_of(text, lang)
    words = lexicon(code)
    days, taken = read_days(text, date, code)
    amounts = read_amounts(text, code, taken)
    of_dateline = [
        found.span() for table in ("dateline", "month", "weekday") for found in pattern(table).finditer(text)
    ]
    in_order = tuple(plain(found[0]) for found in _WORD.finditer(text) if not found[0][0].isdigit())
    inside = [one.span for one in amounts]
    return Reading(
        amounts=tuple(amounts),
        days=tuple(days),
        times=tuple(read_times(text)),
        places=tuple(named(text, "place")),
        negations=tuple(
            span for span in negators(text, code) if not any(low <= span[0] < high for low, high in inside)
        ),
        hedges=tuple(
            found.span()
            for found in pattern("hedge").finditer(text)
            if not any(low <= found.start() < high for low, high in taken)  # May is a month
        ),
        scopes=tuple(named(text, "scope")),
        names=tuple(
            name
            for name in read_names(text, capital_nouns=words.capital_nouns)
            if not any(low <= name.span[0] < high for low, high in of_dateline)
        ),
        in_order=in_order,
        words=frozenset(in_order),
        dateline=frozenset(plain(found[0]) for low, high in of_dateline for found in _WORD.finditer(text, low, high)),
    )


def negators(text: str, code: str) -> list[Span]:
    """Return the words that deny: those of the lexicon, without what only limits ("hardly", "not only", "лишь").

    A letter with a vowel sign behind or before it is part of a longer word (Hindi ने is not न).
    """
    words = lexicon(code).negators
    found = [match.span() for match in words.finditer(text)] if words else []
    if not found or code not in tables()["not_negated"]:
        return found
    harmless = [match.span() for match in pattern("not_negated", code).finditer(text)]
    if code in tables()["exceptive"]:
        only = [match.start() for match in pattern("exceptive", code).finditer(text)]
        found = [
            span
            for span in found
            if not any(not _CLAUSE.search(text, span[1], place) for place in only if place >= span[1])
        ]
    whole = UNSPACED.search(text) is not None
    return [
        (start, end)
        for start, end in found
        if not any(low <= start and end <= high for low, high in harmless)
        and (
            whole
            or not any(
                unicodedata.category(letter)[0] == "M" for letter in text[start - 1 : start] + text[end : end + 1]
            )
        )
    ]


def plain(word: str) -> str:
    """Return a word without case and ending, so that its inflected forms are the same."""
    return word.casefold().removeprefix("ال")[:5]


def read_names(text: str, *, capital_nouns: bool) -> list[Named]:
    """Return words with a capital inside a sentence, and what stands in quotation marks."""
    quoted = [Named(found.span(1), plain(found[1])) for found in re.finditer(r"[«“\"]([^»”\"]{2,60})[»”\"]", text)]
    if capital_nouns:
        return quoted
    found_names = re.finditer(r"(?<=[^.!?:\s]\s)[^\W\d_a-zа-я][\w'’-]+", text)
    return quoted + [Named(found.span(), plain(found[0])) for found in found_names if found[0][0].isupper()]


def read_amounts(text: str, code: str, taken: list[Span]) -> list[Amount]:
    """Return the amounts of a text, neighbouring number words joined: "twenty five", "3 thousand"."""
    raw: list[tuple[int, int, float, float]] = []
    for found in _WORD.finditer(text):
        start, end = found.span()
        if any(start < stop and begin < end for begin, stop in taken):
            continue
        value = token_value(found[0], code)
        joint = text[raw[-1][1] : start] if raw else "."
        if raw and re.fullmatch(r"\s*(?:and\s*|-|\s)\s*", joint) and raw[-1][2] == raw[-1][3]:
            begin, _, last, _ = raw[-1]
            times = next(
                (int(key) for key in tables()["magnitude"] if pattern("magnitude", key).fullmatch(found[0])), 0
            )
            if times:
                raw[-1] = (begin, end, last * times, last * times)
                continue
            adds = (
                value is not None
                and not found[0][0].isdigit()
                and (last >= 20 > value or (code == "ar" and last < 10 <= value))
            )
            if adds and value is not None:
                raw[-1] = (begin, end, last + value, last + value)
                continue
        if value is not None:
            raw.append((start, end, value, value))
    for key in tables()["vague"]:
        low, high = map(float, key.split("-"))
        raw += [(*found.span(), low, high) for found in pattern("vague", key).finditer(text)]
    return [amount for amount in (of_raw(text, sorted(raw), place) for place in range(len(raw))) if amount]


def of_raw(text: str, raw: list[tuple[int, int, float, float]], place: int) -> Amount | None:
    """Return an amount with its bounds and what it counts, from the words of its clause."""
    start, end, low, high = raw[place]
    if place and is_range(text, raw[place - 1], raw[place]):
        return None  # the upper end of a range, read with the lower one
    if low == high == 1 and not text[start].isdigit() and pattern("one_of").match(text, start):
        return None  # "one of the towns", "not one"
    if place + 1 < len(raw) and is_range(text, raw[place], raw[place + 1]):
        end, high = raw[place + 1][1], raw[place + 1][3]
    floor = raw[place - 1][1] if place else 0
    before = text[floor:start]
    first = start
    for kind in ("least", "most", "about"):
        bound = [found for found in pattern("bound", kind).finditer(before) if not before[found.end() :].strip()]
        if bound:
            first = floor + bound[-1].start()
            if kind == "about":
                low, high = low * (1 - ABOUT), high * (1 + ABOUT)
            else:
                low, high = (low, inf) if kind == "least" else (0.0, high)
            break
    later = pattern("bound", "least_after").match(text, end + 1)
    if later:
        end, high = later.end(), inf
    if pattern("no_count").match(text[end:].lstrip()):
        return None
    of = counted(text, raw, place, first, end)
    percent = bool(re.match(r"\s*(?:%|٪|percent|per cent|процент|في المئة|بالمئة|في المائة)", text[end:]))
    return Amount((first, end), low * of.factor, high * of.factor, percent, of)


def is_range(text: str, one: tuple[int, int, float, float], other: tuple[int, int, float, float]) -> bool:
    """Say whether two numbers are the ends of a range: "20 to 30", "between 20 and 30"."""
    between = text[one[1] : other[0]].strip().casefold()
    listed = {word.strip() for word in tables()["bound"]["range"].split(",")} - {"and"}
    opened = re.search(r"(?:between|между|بين|entre|zwischen)\s*$", text[: one[0]], re.IGNORECASE)
    joined = between in listed or (opened is not None and between in ("and", "и", "و", "y", "et", "und"))
    return joined and one[3] < other[2]


def counted(text: str, raw: list[tuple[int, int, float, float]], place: int, start: int, end: int) -> Counted:
    """Return what a number counts or measures, from the words of its clause."""
    ceiling = min((row[0] for row in raw if row[0] >= end), default=len(text))
    stop = _CLAUSE.search(text, end, ceiling)
    behind = text[end : stop.start() if stop else ceiling].split()
    after, near = " ".join(behind[:FAR]), " ".join(behind[:NEAR])
    floor = max((row[1] for row in raw if row[1] <= start), default=0)
    before = " ".join(_CLAUSE.split(text[floor:start])[-1].split()[-FAR:])
    found = _WORD.search(after)
    noun = plain(found[0]) if found else ""
    named_groups = frozenset(group.value for group in named(near, "group"))
    groups = named_groups - {"people"}
    unit = named(near, "unit")
    if unit:
        name, factor = unit[0].value.split()
        return Counted(noun=noun, groups=frozenset({name}), factor=float(factor))
    events = frozenset() if groups else events_in(near)
    if events and ceiling < len(text) and not stop and (clash := events_in(before.split(" ")[-1])) and clash != events:
        return Counted()  # "kills 3 wounds 20" and "3 killed 20 wounded": which is whose cannot be told
    for words in (after, before):
        events = events or events_in(words) & DONE_TO_PEOPLE
    if not events and pattern("scope", "part").search(before):  # "27 killed, among them six children"
        events = events_in(text[:start]) & DONE_TO_PEOPLE
    if not events and groups:  # "27 civilians, among them children, were killed"
        opened = max(found.end() for found in re.finditer(r"^|[.!?؟。]\s", text[:start]))
        done = events_in(re.split(r"[.!?؟。](?:\s|$)", text[opened:])[0]) & DONE_TO_PEOPLE
        events = done if len(done) == 1 else events
    for words in (after, before):
        events = events or events_in(words)
    part, total = (any(pattern("scope", kind).search(words) for words in (before, near)) for kind in ("part", "total"))
    return Counted(
        events,
        groups,
        noun,
        part=part or pattern("others").match(near) is not None,
        total=total,
        anyone="people" in named_groups or not noun or bool(events_in(behind[0]) or pattern("no_noun").match(after)),
    )


def events_in(words: str) -> frozenset[str]:
    """Return the events that are named in a stretch of text."""
    return frozenset(found.value for found in named(words, "event"))
