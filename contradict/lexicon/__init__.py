"""Word lists for `contradict.perturbations`: one TOML file a language, and the reader that finds their words in a text.

How a file is written stands in `contradict.lexicon.notation`.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from contradict import toml
from contradict.lexicon.notation import groups, lines, listed

__all__ = ["Entry", "Lexicon", "Match", "Rewrite", "languages", "lexicon"]

# Python's \w leaves out the vowel signs of Devanagari and Thai, the marks of Arabic and the joiner in Persian words.
_WORD = r"[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0e31-\u0e3a\u0e47-\u0e4e\u200c]+"
_TIED = "-–'’‑/@_&"  # a word that these tie to another is part of something else: "rose-coloured", "O'Brien"
_NO_FORM = "~"
_SAME_LETTERS = str.maketrans("ёЁأإآى", "еЕاااي")

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
    """One form of one term.

    Parameters
    ----------
    rule, category
        Table and key where the group stands.
    group
        The forms of each term.
    term
        Which of the terms.
    columns
        Where the form stands in its row.
    values
        What number words are worth.

    """

    rule: str
    category: str
    group: tuple[tuple[str, ...], ...]
    term: int
    columns: tuple[int, ...]
    values: tuple[float, ...] = ()

    @property
    def form(self) -> str:
        """The form itself."""
        return self.group[self.term][self.columns[0]]

    def fitting(self) -> list[tuple[int, str]]:
        """Return the other terms by number, each in the form that fits every column of this one."""
        found = []
        for number, forms in enumerate(self.group):
            if number != self.term and self.columns[-1] < len(forms):
                candidates = {forms[column] for column in self.columns}
                if len(candidates) == 1 and (form := candidates.pop()) != _NO_FORM:
                    found.append((number, form))
        return found

    def others(self) -> list[str]:
        """Return the forms of the other terms that fit every column of this one."""
        return [form for _, form in self.fitting()]


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
    negated: bool  # for negated texts, since it takes the negation away


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
        self._read_grammar(data.get("grammar", {}))
        self._read_phrases(data)
        self._paradigms = {name: endings.split() for name, endings in data.get("paradigms", {}).items()}
        self._index: dict[str, list[Entry]] = {}
        self._alike: set[tuple[str, str]] = set()
        self.words_of_value: dict[float, tuple[str, ...]] = {}
        self.value_of_word: dict[str, float] = {}
        self._read_groups(data)
        self._entries = {form: tuple(entries) for form, entries in self._index.items()}
        self._longest = self._lengths()
        self.undated_details = tuple(phrase for phrase in self.details if not self.dated(self.find(phrase)))

    def find(self, text: str) -> list[Match]:
        """Return the words of the lexicon in the text, the longest at each place, from left to right."""
        return self._find_spaced(text) if self.spaces else self._find_unspaced(text)

    def tokens(self, text: str) -> list[tuple[int, int]]:
        """Return the start and end of each word."""
        return [match.span() for match in re.finditer(_WORD, text)]

    @staticmethod
    def dated(matches: Iterable[Match]) -> bool:
        """Say whether any of the words is a day, a month or another time."""
        return any(entry.rule == "date" for match in matches for entry in match.entries)

    def alike(self, form: str, other: str) -> bool:
        """Say whether two forms may mean the same: spellings, synonyms, a word and its more general one."""
        one, two = _plain(form), _plain(other)
        return one == two or (one, two) in self._alike

    def _read_grammar(self, grammar: dict[str, Any]) -> None:
        self.spaces: bool = grammar.get("spaces", True)
        self.elides: bool = grammar.get("elides", False)
        self.capital_nouns: bool = grammar.get("capital_nouns", False)
        self.agreement: str = grammar.get("agreement", "plural")
        self.group_mark: str = grammar.get("group_mark", ",")
        self.prefixes = tuple(grammar.get("prefixes", "").split())
        self.suffixes = tuple(grammar.get("suffixes", "").split())
        self.openers = frozenset(grammar.get("openers", "").split())
        self.determiners = frozenset(grammar.get("determiners", "").split())
        self.not_nouns = frozenset(grammar.get("not_nouns", "").split())
        self.modifiers = frozenset(listed(grammar.get("modifiers", "")))
        self.fixed = tuple(listed(grammar.get("fixed", "")))
        self.before_no_bound = frozenset(listed(grammar.get("before_no_bound", "")))
        self.negators = self._pattern(grammar.get("negators", ""))
        self.uncertain = self._pattern(grammar.get("uncertain", ""), flags=0)  # "may" is unsure, "May" is a month
        self.downward = self._pattern(grammar.get("downward", ""))
        self.room = self._pattern(grammar.get("room", ""))
        self.breaks = self._pattern(grammar.get("breaks", ""))
        self.weak_negators = self._pattern(grammar.get("weak_negators", ""))
        self.gendered = self._pattern(grammar.get("gendered", ""))
        self.happened = re.compile(grammar["happened"]) if "happened" in grammar else None
        self.names = frozenset(grammar.get("names", "").split())
        self.named_after = self._pattern(grammar.get("named_after", ""), after=r"\s+$")
        self.not_first = frozenset(grammar.get("not_first", "ordinal").split())
        self.year = self._number_pattern(grammar.get("year", ""))
        self.near_number = self._number_pattern(grammar.get("near_number", ""))
        percents = ["%", "٪", "％", *listed(grammar.get("percent", ""))]
        self.percent = re.compile("|".join(map(re.escape, percents)), re.IGNORECASE)

    def _read_phrases(self, data: dict[str, Any]) -> None:
        detail: dict[str, Any] = data.get("detail", {})
        self.details = tuple(listed(detail.get("phrases", "")))
        self.detail_front: bool = detail.get("front", False)
        self.detail_joint: str = detail.get("joint", " ")
        self.days = tuple(lines(detail.get("days", "")))
        self.frames = {label: tuple(lines(frames)) for label, frames in data.get("frame", {}).items()}
        self.bounds = {kind: tuple(listed(phrases)) for kind, phrases in data.get("bound", {}).items()}
        self.past_subjects = frozenset(listed(data.get("did", {}).get("subjects", "")))
        verbs = (pair.split(" = ") for pair in listed(data.get("did", {}).get("verbs", "")))
        self.base_of_past = {past: base for base, past in verbs}
        self.rewrites = tuple(
            Rewrite(row["rule"], row["label"], re.compile(row["find"]), row["put"], row.get("negated", False))
            for row in data.get("rewrite", [])
        )

    def _read_groups(self, data: dict[str, Any]) -> None:
        for rule in _GROUP_TABLES:
            for category, value in data.get(rule, {}).items():
                for terms, one_way in groups(value):
                    self._add(rule, category, [self._forms(term) for term in terms], one_way=one_way)
        for category, value in data.get("hypernym", {}).items():
            for line in lines(value):
                children, _, parent = line.partition(" < ")
                for child in listed(children):
                    self._add("hypernym", category, [self._forms(child), self._forms(parent)], one_way=True)
        for category, value in data.get("number", {}).items():
            for line in lines(value):
                self._add_numbers(category, [term.split(" = ") for term in listed(line)])
        for name in self.fixed:
            self._add("fixed", "", [(name,)])

    def _add(
        self,
        rule: str,
        category: str,
        group: list[tuple[str, ...]],
        values: tuple[float, ...] = (),
        *,
        one_way: bool = False,
    ) -> None:
        frozen = tuple(group)
        for term, forms in enumerate(group[:1] if one_way else group):
            columns: dict[str, list[int]] = {}
            for column, form in enumerate(forms):
                columns.setdefault(form, []).append(column)
            columns.pop(_NO_FORM, None)
            for form, places in columns.items():
                entry = Entry(rule, category, frozen, term, tuple(places), values)
                self._index.setdefault(form, []).append(entry)
                if rule in ("synonym", "hypernym"):
                    for other in entry.others():
                        self._alike |= {(_plain(form), _plain(other)), (_plain(other), _plain(form))}

    def _add_numbers(self, category: str, rows: list[list[str]]) -> None:
        group = [self._forms(row[0]) for row in rows]
        values = tuple(float(row[1]) for row in rows)
        self._add("number", category, group, values)
        for forms, value in zip(group, values):
            self.words_of_value.setdefault(value, tuple(dict.fromkeys(forms)))
            self.value_of_word |= dict.fromkeys((form for form in forms if form != _NO_FORM), value)

    def _forms(self, term: str) -> tuple[str, ...]:
        """Return the forms of a term, column by column."""
        if "|" in term:
            stem, _, endings = term.partition("|")
            listed = endings.split()
        elif ":" in term:
            stem, _, name = term.partition(":")
            listed = self._paradigms[name]
        else:
            return (term,)
        return tuple(_NO_FORM if ending == _NO_FORM else stem + ending.removeprefix("-") for ending in listed)

    def _find_spaced(self, text: str) -> list[Match]:
        tokens = self.tokens(text)
        found: list[Match] = []
        free = 0
        for number, (start, end) in enumerate(tokens):
            if start < free or self._tied(text, start):
                continue
            match = self._at(text, tokens, number) or self._before_suffix(text, start, end)
            if match:
                found.append(match)
                # "in Paris" is more than "Paris", which may still be swapped
                free = start if all(entry.rule == "hypernym" for entry in match.entries) else match.end
        return found

    def _tied(self, text: str, start: int) -> bool:
        before = text[start - 1 : start]
        if before == " " and text[:start].endswith(" / "):  # "September / Elul", two names of one month
            return True
        return bool(before) and before in _TIED and not (self.elides and before in "'’")

    def _at(self, text: str, tokens: list[tuple[int, int]], number: int) -> Match | None:
        """Return the longest match that starts with a token, or after a prefix that is written on to it."""
        start, end = tokens[number]
        for stem, key in self._readings(text, start, end):
            last = min(number + self._longest.get(key, 0), len(tokens)) - 1
            for _, stop in reversed(tokens[number : last + 1]):
                entries = self._lookup(text, stem, stop)
                if entries and text[stop : stop + 1] not in tuple(_TIED):
                    return Match(stem, stop, entries)
        return None

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

    def _before_suffix(self, text: str, start: int, end: int) -> Match | None:
        word = text[start:end]
        for suffix in self.suffixes:
            entries = self._entries.get(word.removesuffix(suffix)) if word.endswith(suffix) else None
            if entries:
                return Match(start, end - len(suffix), entries)
        return None

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
            words = re.findall(_WORD, form) if self.spaces else list(form)
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
        return longest

    def _pattern(self, words: str, flags: int = re.IGNORECASE, after: str = "") -> re.Pattern[str] | None:
        """Return what finds any of the words, if there follows what has to."""
        longest_first = sorted(listed(words), key=len, reverse=True)
        if not longest_first:
            return None
        alternatives = "|".join(map(re.escape, longest_first))
        whole = rf"(?<!\w)(?:{alternatives})(?!\w)" if self.spaces else f"(?:{alternatives})"
        return re.compile(whole + after, flags)

    def _number_pattern(self, words: str) -> re.Pattern[str] | None:
        """Return what finds a number, which stands as "#", in one of the contexts given."""
        longest_first = sorted(listed(words), key=len, reverse=True)
        if not longest_first:
            return None
        alternatives = "|".join(
            re.escape(context).replace(r"\ ", r"\s*").replace(r"\{\}", r"[$€£¥]?\s?#") for context in longest_first
        )
        return re.compile(rf"(?<![^\W\d_])(?:{alternatives})" if self.spaces else alternatives, re.IGNORECASE)


@functools.cache
def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have a file."""
    folder = importlib.resources.files(__name__)
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


@functools.cache
def lexicon(lang: str) -> Lexicon:
    """Return the lexicon of a language, read once.

    Parameters
    ----------
    lang
        One of `languages`.

    """
    file = importlib.resources.files(__name__).joinpath(f"{lang}.toml")
    return Lexicon(lang, toml.loads(file.read_text(encoding="utf-8")))


def _plain(form: str) -> str:
    return form.translate(_SAME_LETTERS).casefold()


def _opens(text: str, start: int) -> bool:
    """Say whether a sentence starts here, so that a capital letter tells nothing of the word."""
    before = text[:start].rstrip(" \"'“«(—-…")
    return not before or before[-1] in ".!?:"
