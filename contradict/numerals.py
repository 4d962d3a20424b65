"""Numerals: the numbers of a text, in digits of any script or in words, and other ways to write them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

    from contradict.lexicon import Entry, Lexicon, Match

__all__ = ["Numeral", "numerals", "other_value", "rounded_bounds", "written"]

_DIGITS = re.compile(r"\d+(?:[.,٬٫\u00a0\u202f]\d+)*")
_MONEY = "$€£¥₽₺₴₹"
_LONGEST_YEAR_GAP = 25
_MOST_DIGITS = 7  # longer ones are ids and telephone numbers
_WORDS_KEPT = 0.8  # how often a number word gives way to a word, and not to digits
_NEAR_WORDS = 8  # as many number words are near enough to be the usual choice
_RANKS = "月日号點点时時会届期章回월위일호차조항절제회"  # written after a number, they make a date or a rank of it
_SEPARATE = "-–:/°'’@_*"


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

    def year_near(self, rng: random.Random) -> str:
        """Return another year, before this one so that it does not lie ahead."""
        return _in_script(str(int(self.value) - rng.randint(1, _LONGEST_YEAR_GAP)), self.old)

    def like(self, value: float, words: Lexicon, rng: random.Random) -> str:
        """Return the value written as this numeral is; a number word sometimes gives way to digits."""
        if self.entry is None:
            return _digits(value, self.old, words.group_mark)
        worth = self.entry.values
        form = next(form for term, form in self.entry.fitting() if worth[term] == value)
        return str(int(value)) if _bare(self.old, words) and rng.random() > _WORDS_KEPT else form


def numerals(text: str, words: Lexicon, matches: Sequence[Match]) -> list[Numeral]:
    """Return the numbers of a text that can be changed, without telephone numbers, clock times and parts of names."""
    in_digits = (_of_digits(text, words, matches, found) for found in _DIGITS.finditer(text))
    in_words = (_of_word(text, words, matches, match) for match in matches)
    return [numeral for numeral in (*in_digits, *in_words) if numeral]


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
    value, entry = numeral.value, numeral.entry
    if entry is not None:
        fitting = {entry.values[term] for term, _ in entry.fitting()} - {value}
        near = sorted(fitting, key=lambda worth: (abs(worth - value), worth))
        return rng.choice(near[:_NEAR_WORDS] if rng.random() < _WORDS_KEPT else near) if near else None
    if value <= 1:
        return None
    for _ in range(20):
        new = _drawn(value, rng)
        if new in (value, 0, 1) or (numeral.is_percent and new >= 100):
            continue
        if value != int(value) or _agreement(new, words.agreement) == _agreement(value, words.agreement):
            return new
    return None


def written(numeral: Numeral, words: Lexicon) -> Iterator[tuple[str, str]]:
    """Give other ways to write a number, each with its rule: in words or digits, with or without marks."""
    value, old = numeral.value, numeral.old
    if numeral.entry is not None:
        if _bare(old, words):
            yield "digits_words", str(int(value))
        return
    if numeral.is_year or value != int(value):
        return
    forms = words.words_of_value.get(value, ())
    if len(forms) == 1 and numeral.is_free and _bare(forms[0], words):
        yield "digits_words", forms[0]
    if value >= 10_000 or (value >= 1000 and not old.isdecimal()):
        yield "number_format", _digits(value, old, words.group_mark, grouped=old.isdecimal())


def rounded_bounds(numeral: Numeral, rng: random.Random, words: Lexicon) -> Iterator[tuple[bool, str]]:
    """Give bounds such as "at least 10", each with whether the number keeps to it."""
    value = numeral.value
    if value != int(value) or value < 3:
        return
    unit = 1 if value < 20 else 10 if value < 1000 else 100
    lower = int(value * rng.uniform(0.5, 0.9)) // unit * unit
    higher = -(-math.ceil(value * rng.uniform(1.2, 2)) // unit) * unit
    for kind, phrases in words.bounds.items():
        phrase = rng.choice(phrases)
        for bound, holds in ((lower, kind == "above"), (higher, kind == "below")):
            if bound > 1 and _agreement(bound, words.agreement) == _agreement(value, words.agreement):
                shown = _digits(bound, numeral.old, words.group_mark) if numeral.entry is None else str(bound)
                yield holds, phrase.replace("{}", shown)


def _of_digits(text: str, words: Lexicon, matches: Sequence[Match], found: re.Match[str]) -> Numeral | None:
    start, end = found.span()
    old = found[0]
    value = _worth(old, words.group_mark)
    if value is None or _in_name(text, start, end, words) or _is_fixed(start, matches):
        return None
    before, after = text[max(0, start - 30) : start], text[end : end + 20]
    year = old.isdecimal() and len(old) == 4 and 1200 <= value <= 2030
    if year and not (words.year and words.year.search(f"{before}#{after}")):
        return None  # a year or a count, who knows
    if not year and _by_month(start, end, matches):
        return None
    percent = bool(words.percent.match(after.lstrip()))
    bounded = bool(words.near_number and words.near_number.search(f"{before}#{after}"))
    free = not (year or percent) and before[-1:] not in tuple(_MONEY) and _unbound(before, words)
    return Numeral(start, end, value, old, None, is_year=year, is_percent=percent, is_bounded=bounded, is_free=free)


def _of_word(text: str, words: Lexicon, matches: Sequence[Match], match: Match) -> Numeral | None:
    entry = next((entry for entry in match.entries if entry.rule == "number"), None)
    if entry is None or _chained(match, matches, text):
        return None
    start, end = match.start, match.end
    if words.spaces and text[start - 1 : start].isalpha():  # a prefix is written on to a word, but not to digits
        return None
    before, after = text[max(0, start - 30) : start], text[end : end + 20]
    percent = bool(words.percent.match(after.lstrip()))
    bounded = bool(words.near_number and words.near_number.search(f"{before}#{after}"))
    free = not percent and _unbound(before, words) and _bare(text[start:end], words)
    value, old = entry.values[entry.term], text[start:end]
    return Numeral(start, end, value, old, entry, is_year=False, is_percent=percent, is_bounded=bounded, is_free=free)


def _bare(word: str, words: Lexicon) -> bool:
    """Say whether the number word is that alone, and not one with the measure word that goes with it."""
    return words.spaces and " " not in word


def _worth(old: str, group_mark: str) -> float | None:
    """Return what digits are worth, or None if it takes guessing."""
    digits = "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in old)
    if digits.isdecimal():
        return None if len(digits) > _MOST_DIGITS or (len(digits) > 1 and digits[0] == "0") else float(digits)
    if re.fullmatch(rf"[1-9]\d{{0,2}}(?:[{re.escape(group_mark)}٬\u00a0\u202f]\d{{3}})+", digits):
        return float(re.sub(r"\D", "", digits))
    return float(re.sub(r"\D", ".", digits)) if re.fullmatch(r"\d{1,4}[.,٫]\d{1,2}", digits) else None


def _in_name(text: str, start: int, end: int, words: Lexicon) -> bool:
    """Say whether the digits are part of a name, a date, a clock time, an enumeration or the like."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if (after and after in _RANKS) or before in ("第", "제"):
        return True
    if re.match(r"[,،]? ?\d", text[end:]) or re.search(r"\d[,،]? ?$", text[:start]):  # "3, 4", "13 000"
        return True
    if after == ")" and not text[:start].strip(" ("):  # "1) ..."
        return True
    follows = text[end + 2 : end + 3]
    if text[end : end + 2] == ". " and (follows.islower() or (words.capital_nouns and follows.isalpha())):
        return True  # "85. sezon", "85. Saison": an ordinal
    if text[:start].endswith(("만 ", "억 ", "조 ")):
        return True
    if before and (before in _SEPARATE + "+#№.," or (words.spaces and before.isalpha())):
        return True
    written_on = words.spaces and not words.suffixes  # "14th", but Korean writes its counters on to the number
    if after and (after in _SEPARATE or (written_on and after.isalpha())):
        return True
    word = re.search(r"([^\W\d_]+) $", text[:start])  # "Boeing 777"
    if word is None or words.capital_nouns or not word[1][0].isupper():
        return False
    return word.start() > 0 or word[1].lower() not in words.openers


def _is_fixed(start: int, matches: Sequence[Match]) -> bool:
    """Say whether the digits stand in a fixed name, such as that of a day on which something is known to have been."""
    return any(
        match.start <= start < match.end and any(entry.rule == "fixed" for entry in match.entries) for match in matches
    )


def _by_month(start: int, end: int, matches: Sequence[Match]) -> bool:
    """Say whether a month stands next to it, so that it counts days."""
    return any(
        match.start - 5 <= end <= match.start or match.end <= start <= match.end + 5
        for match in matches
        for entry in match.entries
        if entry.rule == "date"
    )


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
    """Return another value of about the size and as round."""
    if value != int(value):
        return round(value * rng.choice([rng.uniform(0.2, 0.8), rng.uniform(1.25, 4)]), 1)
    if value <= 12:
        return rng.randint(2, 15)
    new = value * rng.choice([rng.uniform(0.15, 0.8), rng.uniform(1.25, 5)])
    zeros = len(str(int(value))) - len(str(int(value)).rstrip("0"))
    unit = 10 ** min(zeros, len(str(int(new))) - 1)
    return float(round(new / unit) * unit)


def _agreement(value: float, kind: str) -> str:
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
    return "one" if kind == "plural" and number == 1 else "other"


def _digits(value: float, like: str, group_mark: str, *, grouped: bool | None = None) -> str:
    """Return the value in digits as another number is written, or with or without marks between the thousands."""
    marks = [letter for letter in like if not letter.isdigit()]
    if value != int(value):
        return _in_script(str(value).replace(".", marks[0] if marks else "."), like)
    if grouped is None:
        grouped = bool(marks)
    mark = (marks or [group_mark])[0] if grouped else ""
    return _in_script(f"{int(value):,}".replace(",", mark), like)


def _in_script(digits: str, like: str) -> str:
    """Return the digits in the script of another number."""
    zero = next((ord(letter) - unicodedata.digit(letter) for letter in like if letter.isdigit()), ord("0"))
    return "".join(chr(zero + int(letter)) if letter in "0123456789" else letter for letter in digits)
