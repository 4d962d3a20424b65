"""Word lists for `contradict.perturbations`: one TOML file a language, and the reader that finds their words in a text.

A file is written to be read and mended by hand. Its notation:

- a **term** is a word or a few; its inflected forms are ``stem|ending ending ...`` (``-`` is no ending) or
  ``stem:name``, where ``name`` is a row of the table ``[paradigms]``. Two terms are swapped column by column, so the
  rows of one group must have the same columns (case, tense, gender and definiteness ...). A form that stands in
  several columns is swapped only for a term which has one form in all of these;
- a **group** is what its rule may swap: terms with commas between them; where the value has `` / `` in it, each line is
  a group of its own, with its terms between slashes;
- ``children < parent`` is a line of ``[hypernym]``; ``word = 7`` gives the value of a number word;
- ``[grammar]`` has the words that turn a context around (negators, hedges, bounds);
  ``[[rewrite]]`` has what no list can say, as a regular expression and what to put.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
import sys
from dataclasses import dataclass
from typing import Any, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["Entry", "Lexicon", "Match", "Rewrite", "languages", "lexicon"]

# Python's \w leaves out the vowel signs of Devanagari and Thai, the marks of Arabic and the joiner inside Persian words.
_WORD = r"[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0e31-\u0e3a\u0e47-\u0e4e\u200c]+"
_TIED = "-–'’‑/@_&"  # a word that these tie to another is part of something else: "rose-coloured", "O'Brien"

_GROUP_TABLES = (
    "actor",
    "antonym",
    "cohyponym",
    "date",
    "nationality",
    "ordinal",
    "place",
    "quantifier",
    "synonym",
)


class Entry(NamedTuple):
    """One form of one term: the group it is in, which of its terms, and the columns where the form stands."""

    rule: str
    group: tuple[tuple[str, ...], ...]
    term: int
    columns: tuple[int, ...]
    category: str
    values: tuple[float, ...] = ()

    def others(self) -> list[str]:
        """Return the forms of the other terms that fit every column of this one."""
        fitting = []
        for number, forms in enumerate(self.group):
            if number != self.term and self.columns[-1] < len(forms):
                candidates = {forms[column] for column in self.columns}
                if len(candidates) == 1 and (form := candidates.pop()) != "~":
                    fitting.append(form)
        return fitting


class Match(NamedTuple):
    """A place in a text where a form of the lexicon stands, with all that the form may be."""

    start: int
    end: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A change that no list can say: what to look for, what to put, and what it does to the claim."""

    rule: str
    label: str
    find: re.Pattern[str]
    put: str
    negated: bool  # may stand in a negated text, since it takes the negation away


class Lexicon:
    """The words of one language.

    Parameters
    ----------
    lang
        Language code, the name of the file.
    data
        What the file says.

    """

    def __init__(self, lang: str, data: dict[str, Any]) -> None:
        self.lang = lang
        grammar: dict[str, Any] = data.get("grammar", {})
        self.spaces: bool = grammar.get("spaces", True)
        self.agreement: str = grammar.get("agreement", "plural")
        self.group_mark: str = grammar.get("group_mark", ",")
        self.elides: bool = grammar.get("elides", False)
        self.prefixes = tuple(grammar.get("prefixes", "").split())
        self.suffixes = tuple(grammar.get("suffixes", "").split())
        self.determiners = frozenset(grammar.get("determiners", "").split())
        self.not_nouns = frozenset(grammar.get("not_nouns", "").split())
        self.modifiers = frozenset(_listed(grammar.get("modifiers", "")))
        self.details = tuple(_listed(data.get("detail", {}).get("phrases", "")))
        self.detail_front: bool = data.get("detail", {}).get("front", False)
        self.openers = frozenset(grammar.get("openers", "").split())
        self.days = tuple(_listed(data.get("detail", {}).get("days", "")))
        self.frames: dict[str, tuple[str, ...]] = {
            label: tuple(_lines(frames)) for label, frames in data.get("frame", {}).items()
        }
        self.bounds: dict[str, tuple[str, ...]] = {
            kind: tuple(_listed(words)) for kind, words in data.get("bound", {}).items()
        }
        self.negators = self._pattern(grammar.get("negators", ""))
        self.uncertain = self._pattern(grammar.get("uncertain", ""), flags=0)  # "may" is unsure, "May" is a month
        self.downward = self._pattern(grammar.get("downward", ""))
        self.near_number = self._pattern(grammar.get("near_number", ""))
        self.before_no_bound = frozenset(_listed(grammar.get("before_no_bound", "")))
        # "#" stands for the number, as in "in #" or "#年".
        years = sorted(_listed(grammar.get("year", "")), key=len, reverse=True)
        self.year = re.compile("|".join(map(_around_number, years)), re.IGNORECASE) if years else None
        percents = sorted(_listed(grammar.get("percent", "")), key=len, reverse=True)
        self.percent = re.compile("|".join(map(re.escape, ["%", "٪", "％", *percents])), re.IGNORECASE)
        self.rewrites = tuple(
            Rewrite(row["rule"], row["label"], re.compile(row["find"]), row["put"], row.get("negated", False))
            for row in data.get("rewrite", [])
        )
        self._paradigms = {name: endings.split() for name, endings in data.get("paradigms", {}).items()}
        self._index: dict[str, list[Entry]] = {}
        self.words_of_value: dict[float, tuple[str, ...]] = {}
        for table in _GROUP_TABLES:
            for category, value in data.get(table, {}).items():
                for group in _groups(value):
                    self._add(table, [self._forms(term) for term in group], category)
        for category, value in data.get("number", {}).items():
            for line in _lines(value):
                self._add_numbers([term.split(" = ") for term in _listed(line)], category)
        for category, value in data.get("hypernym", {}).items():
            for line in _lines(value):
                children, _, parent = line.partition(" < ")
                for child in _listed(children):
                    self._add("hypernym", [self._forms(child), self._forms(parent)], category)
        self._entries = {form: tuple(entries) for form, entries in self._index.items()}
        self._longest = self._lengths()

    def find(self, text: str) -> list[Match]:
        """Return the words of the lexicon in the text, the longest at each place, from left to right."""
        return self._find_spaced(text) if self.spaces else self._find_unspaced(text)

    def tokens(self, text: str) -> list[tuple[int, int]]:
        """Return the start and end of each word."""
        return [match.span() for match in re.finditer(_WORD, text)]

    def _find_spaced(self, text: str) -> list[Match]:
        tokens = self.tokens(text)
        found: list[Match] = []
        free = 0
        for number, (start, end) in enumerate(tokens):
            if start < free or (start and text[start - 1] in _TIED and not (self.elides and text[start - 1] in "'’")):
                continue
            for stem_start, key in self._readings(text, start, end):
                most = self._longest.get(key, 0)
                for last in range(min(number + most, len(tokens)) - 1, number - 1, -1):
                    stop = tokens[last][1]
                    entries = self._lookup(text, stem_start, stop)
                    if entries and not (stop < len(text) and text[stop] in _TIED):
                        found.append(Match(stem_start, stop, entries))
                        free = stop
                        break
                if free > start:
                    break
            else:
                found.extend(self._before_suffix(text, start, end))
        return found

    def _readings(self, text: str, start: int, end: int) -> list[tuple[int, str]]:
        """Return where the stem of a word may start, and its first word as the index knows it."""
        word = text[start:end]
        readings = [(start, word)]
        if word[0].isupper():
            readings.append((start, word[0].lower() + word[1:]))
        readings += [
            (start + len(prefix), word[len(prefix) :])
            for prefix in self.prefixes
            if word.startswith(prefix) and len(word) >= len(prefix) + 3
        ]
        return readings

    def _lookup(self, text: str, start: int, stop: int) -> tuple[Entry, ...]:
        form = text[start:stop]
        entries = self._entries.get(form)
        if entries is None and form[0].isupper() and _opens(text, start):
            entries = self._entries.get(form[0].lower() + form[1:])
        return entries or ()

    def _before_suffix(self, text: str, start: int, end: int) -> list[Match]:
        word = text[start:end]
        for suffix in self.suffixes:
            entries = self._entries.get(word[: -len(suffix)]) if word.endswith(suffix) else None
            if entries:
                return [Match(start, end - len(suffix), entries)]
        return []

    def _find_unspaced(self, text: str) -> list[Match]:
        found: list[Match] = []
        start = 0
        while start < len(text):
            for length in range(self._longest.get(text[start], 0), 0, -1):
                entries = self._entries.get(text[start : start + length])
                if entries:
                    found.append(Match(start, start + length, entries))
                    start += length
                    break
            else:
                start += 1
        return found

    def _lengths(self) -> dict[str, int]:
        """Return, for the first word (or letter, where no spaces are written) of a form, the most words (letters)."""
        longest: dict[str, int] = {}
        for form in self._entries:
            words = re.findall(_WORD, form) if self.spaces else form
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
        return longest

    def _add(self, rule: str, group: list[tuple[str, ...]], category: str, values: tuple[float, ...] = ()) -> None:
        frozen = tuple(group)
        sources = group[:1] if rule == "hypernym" else group
        for term, forms in enumerate(sources):
            columns: dict[str, list[int]] = {}
            for column, form in enumerate(forms):
                columns.setdefault(form, []).append(column)
            for form, places in columns.items():
                if form != "~":
                    entry = Entry(rule, frozen, term, tuple(places), category, values)
                    self._index.setdefault(form, []).append(entry)

    def _add_numbers(self, rows: list[list[str]], category: str) -> None:
        terms = [self._forms(row[0]) for row in rows]
        values = tuple(float(row[1]) for row in rows)
        self._add("number", terms, category, values)
        for forms, value in zip(terms, values):
            self.words_of_value.setdefault(value, tuple(dict.fromkeys(forms)))

    def _forms(self, term: str) -> tuple[str, ...]:
        if "|" in term:
            stem, _, endings = term.partition("|")
            ending_list = endings.split()
        elif ":" in term:
            stem, _, name = term.partition(":")
            ending_list = self._paradigms[name]
        else:
            return (term,)
        return tuple("~" if ending == "~" else stem if ending == "-" else stem + ending for ending in ending_list)

    def _pattern(self, words: str, flags: int = re.IGNORECASE) -> re.Pattern[str] | None:
        listed = sorted(_listed(words), key=len, reverse=True)
        if not listed:
            return None
        alternatives = "|".join(map(re.escape, listed))
        return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)" if self.spaces else alternatives, flags)


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a file."""
    folder = importlib.resources.files(__name__)
    return tuple(sorted(file.name[:-5] for file in folder.iterdir() if file.name.endswith(".toml")))


@functools.cache
def lexicon(lang: str) -> Lexicon:
    """Return the lexicon of a language, read once.

    Parameters
    ----------
    lang
        One of `languages`.

    """
    file = importlib.resources.files(__name__).joinpath(f"{lang}.toml")
    return Lexicon(lang, tomllib.loads(file.read_text(encoding="utf-8")))


def _around_number(words: str) -> str:
    before, _, after = words.partition("#")
    return rf"{_edge(before)}{re.escape(before.strip())}\s*#\s*{re.escape(after.strip())}"


def _edge(words: str) -> str:
    return r"(?<!\w)" if words.strip() and words.isascii() or words.endswith(" ") else ""


def _opens(text: str, start: int) -> bool:
    """Say whether a sentence starts here, so that a capital letter tells nothing of the word."""
    before = text[:start].rstrip(" \"'“«(—-…")
    return not before or before[-1] in ".!?:"


def _groups(value: str) -> list[list[str]]:
    if " / " in value:
        return [[term.strip() for term in line.split(" / ")] for line in _lines(value)]
    return [_listed(value)]


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _listed(value: str) -> list[str]:
    return [term.strip() for line in _lines(value) for term in line.split(",") if term.strip()]
