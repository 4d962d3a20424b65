"""What evidence reads in one text: amounts, days, places, negations and hedges, each with where it stands."""

from __future__ import annotations

import datetime
import functools
import importlib.resources
import re
import unicodedata
from dataclasses import dataclass
from math import inf

from contradict import toml
from contradict.lexicon import languages, lexicon

Span = tuple[int, int]
KEPT = 1 << 18  # texts whose reading is kept within a run
ABOUT = 0.15  # "about 100" is anything from 85 to 115
_WORD = re.compile(r"[^\W\d_][\w\u064b-\u0652\u200c'’]*|\d+(?:[.,٬٫\u00a0\u202f]\d+)*")
_CLAUSE = re.compile(r"[.;,:!?،؛。，…()«»\"]")
_PREFIXES = "وفبلك"
_ISO = re.compile(
    r"\b(\d{4})\s*[-/]\s*(\d\d)\s*[-/]\s*(\d\d)\b|\b(\d{1,2})\s*[./]\s*(\d{1,2})\s*[./]\s*(\d{4})\b|(\d{1,2})月(\d{1,2})日"
)
_CLOCK = re.compile(r"\b\d{1,2}\s?:\s?\d\d\b")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as a range: "at least 10" is 10 and more. `events` and `groups` say what is counted."""

    span: Span
    low: float
    high: float
    percent: bool
    events: frozenset[str]
    groups: frozenset[str]
    noun: str

    @property
    def exact(self) -> bool:
        """Whether the text commits itself to one value."""
        return self.low == self.high

    def excludes(self, other: Amount) -> bool:
        """Say whether no value fits both."""
        return self.high < other.low or other.high < self.low


@dataclass(frozen=True, slots=True)
class Named:
    """Something named in a text: a day, a place, a hedge."""

    span: Span
    value: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands in one text."""

    amounts: tuple[Amount, ...]
    days: tuple[Named, ...]
    places: tuple[Named, ...]
    negations: tuple[Span, ...]
    hedges: tuple[Span, ...]
    scopes: tuple[Named, ...]
    names: tuple[Named, ...]
    in_order: tuple[str, ...]
    words: frozenset[str]
    dateline: frozenset[str]


@functools.cache
def tables() -> dict[str, dict[str, str]]:
    """Return the word tables, read once."""
    file = importlib.resources.files("contradict.evidence").joinpath("words.toml")
    return toml.loads(file.read_text(encoding="utf-8"))


@functools.cache
def pattern(table: str, key: str | None = None) -> re.Pattern[str]:
    """Return what finds the words of a table; the longer first. An Arabic word may have a particle written on to it."""
    rows = tables()[table]
    listed = [word.strip() for name, row in rows.items() if key in (None, name) for word in row.split(",")]
    words = sorted({word for word in listed if word}, key=len, reverse=True)
    parts = [vowelled(re.escape(word)).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for word in words]
    spaced = "|".join(part for part, word in zip(parts, words) if not "\u4e00" <= word[0] <= "\u9fff")
    unspaced = "".join("|" + part for part, word in zip(parts, words) if "\u4e00" <= word[0] <= "\u9fff")
    return re.compile(rf"(?<!\w)[{_PREFIXES}]?(?:{spaced})(?!\w){unspaced}", re.IGNORECASE)


def vowelled(word: str) -> str:
    """Let the letters of an Arabic word carry vowel signs, which are seldom written."""
    return re.sub(r"([\u0620-\u064a])", "\\1[\u064b-\u0652]*", word)


def named(text: str, table: str) -> list[Named]:
    """Return the entries of a table that stand in a text."""
    if not pattern(table).search(text):
        return []
    return [Named(found.span(), key) for key in tables()[table] for found in pattern(table, key).finditer(text)]


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
    days, taken = read_days(text, date)
    negators = words.negators
    amounts = read_amounts(text, code, taken)
    of_dateline = [
        found.span() for table in ("dateline", "month", "weekday") for found in pattern(table).finditer(text)
    ]
    in_order = tuple(plain(found[0]) for found in _WORD.finditer(text) if not found[0][0].isdigit())
    found_negators = [found.span() for found in negators.finditer(text)] if negators else []
    inside = [one.span for one in amounts]
    return Reading(
        amounts=tuple(amounts),
        days=tuple(days),
        places=tuple(named(text, "place")),
        negations=tuple(span for span in found_negators if not any(low <= span[0] < high for low, high in inside)),
        hedges=tuple(found.span() for found in pattern("hedge").finditer(text)),
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


def read_days(text: str, said: datetime.date | None) -> tuple[list[Named], list[Span]]:
    """Return the days, as month-day or weekday, and what their digits take of the text."""
    days: list[Named] = []
    taken = [found.span() for found in _CLOCK.finditer(text)]
    for found in _ISO.finditer(text):
        month, day = next(
            (int(m), int(d)) for m, d in ((found[2], found[3]), (found[5], found[4]), found.groups()[6:]) if m
        )
        days.append(Named(found.span(), f"{month:02}-{day:02}"))
        taken.append(found.span())
    for name in named(text, "month"):
        start, end = name.span
        before, after = re.search(r"(\d{1,2})(?:st|nd|rd|th|-го|\.)?(?:\s+(?:of|de))?[\s/]*$", text[:start]), None
        after = None if before else re.match(r"\s+(\d{1,2})(?!\d)", text[end:])
        if before:
            start = before.start()
        elif after:
            end += after.end()
        year = re.match(r"(?:/\w+)?,?\s+(\d{4})(?!\d)", text[end:])
        digits = before or after
        if digits:
            days.append(Named((start, end), f"{int(name.value):02}-{int(digits[1]):02}"))
        taken.append((start, end + (year.end() if year else 0)))
    days += [
        Named(week.span, resolved(said, weekday=int(week.value)) or f"weekday {week.value}")
        for week in named(text, "weekday")
    ]
    if said is not None:
        for word in named(text, "relative"):
            meant = said + datetime.timedelta(days=int(word.value))
            days.append(Named(word.span, f"{meant.month:02}-{meant.day:02}"))
    taken += [found.span() for found in re.finditer(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)]
    return days, taken


def resolved(said: datetime.date | None, *, weekday: int) -> str | None:
    """Return the last such weekday before a claim was made, or None if that is not known."""
    if said is None:
        return None
    day = said - datetime.timedelta(days=(said.weekday() - weekday) % 7)
    return f"{day.month:02}-{day.day:02}"


@functools.cache
def worth(code: str) -> dict[str, float]:
    """Return what the number words of a language are worth."""
    values = {form.casefold(): value for form, value in lexicon(code).value_of_word.items()}
    for value, row in tables()["value"].items():
        values |= {word.strip(): float(value) for word in row.split(",")}
    return values


def token_value(word: str, code: str) -> float | None:
    """Return the value of digits or of a number word, also with a particle written on to it."""
    if word[0].isdigit():
        digits = "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in word)
        if re.fullmatch(r"\d{1,3}(?:[.,٬\u00a0\u202f]\d{3})+", digits):
            return float(re.sub(r"\D", "", digits))
        parts = re.split(r"\D", digits)
        return float(".".join(parts)) if len(parts) <= 2 else None
    values = worth(code)
    low = word.casefold()
    return values.get(low, values.get(low[1:]) if code in ("ar", "fa") and low[0] in _PREFIXES else None)


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
    events, groups, noun = counted(text, raw, place, first, end)
    percent = bool(re.match(r"\s*(?:%|٪|percent|per cent|процент|في المئة|بالمئة|في المائة)", text[end:]))
    return Amount((first, end), low, high, percent, events, groups, noun)


def is_range(text: str, one: tuple[int, int, float, float], other: tuple[int, int, float, float]) -> bool:
    """Say whether two numbers are the ends of a range: "20 to 30", "between 20 and 30"."""
    between = text[one[1] : other[0]].strip().casefold()
    listed = {word.strip() for word in tables()["bound"]["range"].split(",")} - {"and"}
    opened = re.search(r"(?:between|между|بين|entre|zwischen)\s*$", text[: one[0]], re.IGNORECASE)
    joined = between in listed or (opened is not None and between in ("and", "и", "و", "y", "et", "und"))
    return joined and one[3] < other[2]


def counted(
    text: str, raw: list[tuple[int, int, float, float]], place: int, start: int, end: int
) -> tuple[frozenset[str], frozenset[str], str]:
    """Return what a number counts: events and groups named beside it, and the word that follows."""
    ceiling = min((row[0] for row in raw if row[0] >= end), default=len(text))
    stop = _CLAUSE.search(text, end, ceiling)
    after = text[end : stop.start() if stop else ceiling]
    floor = max((row[1] for row in raw if row[1] <= start), default=0)
    before = _CLAUSE.split(text[floor:start])[-1]
    noun = _WORD.search(after)
    near = " ".join(after.split()[:3])
    events = frozenset(found.value for found in named(after, "event")) or frozenset(
        found.value for found in named(before, "event")
    )
    groups = frozenset(found.value for found in named(near, "group")) - {"people"}
    return events, groups, plain(noun[0]) if noun else ""
