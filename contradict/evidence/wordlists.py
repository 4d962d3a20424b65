"""The word tables of evidence, what finds their words in a text, and what number words are worth."""

from __future__ import annotations

import functools
import importlib.resources
import re
import unicodedata
from dataclasses import dataclass

from contradict import toml
from contradict.lexicon import lexicon

Span = tuple[int, int]
PREFIXES = "وفبلك"
UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u4e00-\u9fff]")  # scripts that do not divide words


@dataclass(frozen=True, slots=True)
class Named:
    """Something named in a text: a day, a place, a hedge."""

    span: Span
    value: str


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
    spaced = "|".join(part for part, word in zip(parts, words) if not UNSPACED.match(word)) or "(?!)"
    unspaced = "".join("|" + part for part, word in zip(parts, words) if UNSPACED.match(word))
    return re.compile(rf"(?<!\w)[{PREFIXES}]?(?:{spaced})(?!\w){unspaced}", re.IGNORECASE)


def vowelled(word: str) -> str:
    """Let the letters of an Arabic word carry vowel signs, which are seldom written."""
    return re.sub(r"([\u0620-\u064a])", "\\1[\u064b-\u0652]*", word)


def named(text: str, table: str) -> list[Named]:
    """Return the entries of a table that stand in a text."""
    if not pattern(table).search(text):
        return []
    return [Named(found.span(), key) for key in tables()[table] for found in pattern(table, key).finditer(text)]


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
    return values.get(low, values.get(low[1:]) if code in ("ar", "fa") and low[0] in PREFIXES else None)
