"""Numerals: the numbers of a text, in digits of any script or in words, and other ways to write them."""

from __future__ import annotations

import math
import random
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contradict.lexicon import Entry, Lexicon, Match

__all__ = ["Numeral", "numerals", "other_value", "rounded_bounds", "written"]

_DIGITS = re.compile(r"\d+(?:[.,٬٫\u00a0\u202f]\d+)*")
_MONEY = "$€£¥₽₺₴₹"
_LONGEST_YEAR_GAP = 25


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number that stands in a text.

    Parameters
    ----------
    start, end
        Where.
    value
        What it is worth.
    old
        As it is written.
    entry
        The number word it is; None for digits.
    is_year, is_percent
        What it seems to count.
    is_bounded
        "at least", "about" or the like stands beside it, so that another number may be true as well.
    is_free
        "at least" could be put before it: it is no price, day or part of a name.

    """

    start: int
    end: int
    value: float
    old: str
    entry: Entry | None
    is_year: bool
    is_percent: bool
    is_bounded: bool
    is_free: bool

    @property
    def is_digits(self) -> bool:
        """Whether it is written in digits."""
        return self.entry is None

    def year_near(self, rng: random.Random) -> str:
        """Return another year, before this one so that it does not lie ahead."""
        return _in_script(str(int(self.value) - rng.randint(1, _LONGEST_YEAR_GAP)), self.old)

    def like(self, value: float, words: Lexicon, rng: random.Random) -> str:
        """Return the value written as this numeral is; a number word sometimes gives way to digits."""
        if self.entry is None:
            return _digits(value, self.old, words.group_mark)
        forms = {
            self.entry.group[term][self.entry.columns[0]]
            for term, worth in enumerate(self.entry.values)
            if worth == value
        }
        return min(forms) if forms and rng.random() < 0.8 else str(int(value))  # noqa: PLR2004


def numerals(text: str, words: Lexicon, matches: Sequence[Match]) -> list[Numeral]:
    """Return the numbers of a text that can be changed, without telephone numbers, clock times and parts of names."""
    months = [match for match in matches for entry in match.entries if entry.rule == "date"]
    taken: list[Numeral] = []
    for found in _DIGITS.finditer(text):
        start, end = found.span()
        value = _worth(found[0], words.group_mark)
        if value is None or _tied(text, start, end, spaces=words.spaces):
            continue
        before, after = text[max(0, start - 30) : start], text[end : end + 20]
        bare = found[0].isdecimal()
        year = words.year is not None and bare and len(found[0]) == 4 and 1200 <= value <= 2030
        if year and not words.year.search(f"{before}#{after}"):  # type: ignore[union-attr]
            continue
        by_month = any(match.start - 5 <= end <= match.start or match.end <= start <= match.end + 5 for match in months)
        if by_month and not year:
            continue
        percent = bool(words.percent and words.percent.match(after.lstrip()))
        bounded = bool(words.near_number and words.near_number.search(before + "#" + after))
        free = not year and not percent and before[-1:] not in _MONEY and _unbound(before, words)
        taken.append(Numeral(start, end, value, found[0], None, year, percent, bounded, free))
    for match in matches:
        for entry in match.entries:
            if entry.rule == "number" and not _chained(match, matches, text):
                before, after = text[max(0, match.start - 30) : match.start], text[match.end : match.end + 20]
                percent = bool(words.percent and words.percent.match(after.lstrip()))
                bounded = bool(words.near_number and words.near_number.search(before + "#" + after))
                old, worth = text[match.start : match.end], entry.values[entry.term]
                free = not percent and _unbound(before, words)
                taken.append(Numeral(match.start, match.end, worth, old, entry, False, percent, bounded, free))
                break
    return taken


def other_value(numeral: Numeral, rng: random.Random, words: Lexicon) -> float | None:
    """Return a clearly different value that the words around agree with, or None.

    Parameters
    ----------
    numeral
        The number to change.
    rng
        Draws it.
    words
        The language: which numbers its nouns agree with alike.

    """
    value = numeral.value
    if numeral.entry is not None:
        entry = numeral.entry
        fitting = set(entry.others())
        near = [
            worth
            for term, worth in enumerate(entry.values)
            if worth != value and entry.columns[-1] < len(entry.group[term]) and fitting & set(entry.group[term])
        ]
        return rng.choice(near) if near else None
    if value <= 1:
        return None
    for _ in range(20):
        new = _drawn(value, rng)
        if new in (value, 0, 1) or (numeral.is_percent and new >= 100):
            continue
        if value != int(value) or _agreement(new, words.agreement) == _agreement(value, words.agreement):
            return new
    return None


def written(numeral: Numeral, value: float, words: Lexicon) -> Iterator[str]:
    """Give the other ways to write a value: in words if in digits and the other way round, with or without a mark."""
    if numeral.entry is not None:
        yield str(int(value))
        return
    if numeral.is_year or value != int(value):
        return
    forms = words.words_of_value.get(value, ())
    if len(forms) == 1 and numeral.is_free and words.spaces:
        yield forms[0]
    if value >= 10_000 or (value >= 1000 and not numeral.old.isdecimal()):
        plain = _in_script(str(int(value)), numeral.old)
        yield _digits(value, "1,000", words.group_mark) if numeral.old == plain else plain


def rounded_bounds(numeral: Numeral, rng: random.Random, words: Lexicon) -> Iterator[tuple[str, str]]:
    """Give bounds in words and digits, each with "entailment" if the number is within, "contradiction" if not."""
    value = numeral.value
    if value != int(value) or value < 3:
        return
    lower, higher = int(value * rng.uniform(0.5, 0.9)), int(math.ceil(value * rng.uniform(1.2, 2)))
    if value >= 20:
        lower, higher = lower // 10 * 10, -(-higher // 10) * 10
    if value >= 1000:
        lower, higher = lower // 100 * 100, -(-higher // 100) * 100
    for kind, phrases in words.bounds.items():
        if not phrases:
            continue
        phrase = rng.choice(phrases)
        for bound, holds in ((lower, kind == "above"), (higher, kind == "below")):
            if bound > 1 and _agreement(bound, words.agreement) == _agreement(value, words.agreement):
                shown = _digits(bound, numeral.old, words.group_mark) if numeral.is_digits else str(bound)
                yield ("entailment" if holds else "contradiction"), phrase.replace("{}", shown)


def _worth(old: str, group_mark: str) -> float | None:
    digits = "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in old)
    if digits.isdecimal():
        return None if len(digits) > 7 or (len(digits) > 1 and digits[0] == "0") else float(digits)
    mark = re.escape(group_mark)
    if re.fullmatch(rf"[1-9]\d{{0,2}}(?:[{mark}٬\u00a0\u202f]\d{{3}})+", digits):
        return float(re.sub(r"\D", "", digits))
    point = re.fullmatch(r"\d{1,4}[.,٫]\d{1,2}", digits)
    return float(re.sub(r"\D", ".", digits)) if point else None


def _tied(text: str, start: int, end: int, *, spaces: bool) -> bool:
    """Say whether the digits are part of a name, a date, a clock time or the like."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before and (before in "-–+#:/№°'’.,@_*" or (spaces and before.isalpha()) or before.isdigit()):
        return True
    return bool(after) and (after in "-–:/°'’@_*" or (spaces and after.isalpha()))


def _unbound(before: str, words: Lexicon) -> bool:
    """Say whether "at least" may stand here: not after "the", "his" or a preposition that asks for a case."""
    last = re.search(r"([^\W\d_]+)\s*$", before)
    return last is None or last[1].lower() not in words.before_no_bound


def _chained(match: Match, matches: Sequence[Match], text: str) -> bool:
    """Say whether a number word is part of a longer one: "twenty five", "three hundred"."""
    for other in matches:
        if other is not match and any(entry.rule == "number" for entry in other.entries):
            between = text[min(match.end, other.end) : max(match.start, other.start)]
            if len(between) <= 1 or between.strip() in ("and", "و", "-"):
                return True
    return False


def _drawn(value: float, rng: random.Random) -> float:
    if value != int(value):
        return round(value * rng.choice([rng.uniform(0.2, 0.8), rng.uniform(1.25, 4)]), 1)
    if value <= 12:
        return rng.randint(2, 15)
    new = value * rng.choice([rng.uniform(0.15, 0.8), rng.uniform(1.25, 5)])
    zeros = len(str(int(value))) - len(str(int(value)).rstrip("0"))
    unit = 10 ** min(zeros, len(str(int(new))) - 1)
    return float(round(new / unit) * unit)


def _agreement(value: float, kind: str) -> object:
    """Return the class of numbers after which a noun has the same form."""
    number = int(value)
    last, ten = number % 100, number % 10
    if kind == "slavic":
        if ten == 1 and last != 11:
            return "one"
        return "few" if 2 <= ten <= 4 and not 12 <= last <= 14 else "many"
    if kind == "arabic":
        if last <= 2:
            return f"{last}" if number > 2 else f"only {number}"
        return "few" if last <= 10 else "many"
    return kind == "plural" and number == 1


def _digits(value: float, like: str, group_mark: str) -> str:
    if value != int(value):
        point = next((letter for letter in like if not letter.isdigit()), ".")
        return _in_script(str(value).replace(".", point), like)
    grouped = [letter for letter in like if not letter.isdigit()]
    text = f"{int(value):,}".replace(",", group_mark if "," in like and like == "1,000" else grouped[0]) if grouped else str(int(value))
    return _in_script(text, like)


def _in_script(digits: str, like: str) -> str:
    """Return the digits in the script of another number."""
    zero = next((ord(letter) - unicodedata.digit(letter) for letter in like if letter.isdigit()), ord("0"))
    return "".join(chr(zero + int(letter)) if letter in "0123456789" else letter for letter in digits)
