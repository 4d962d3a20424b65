"""Language packs: what a language needs to tell who says what, as one TOML file each."""

from __future__ import annotations

import re
from functools import cache, cached_property
from importlib import resources
from typing import Any

from contradict import toml
from contradict.errors import OptionError, did_you_mean

NEVER = re.compile(r"(?!)")


class Pack:
    """One language's words, and the patterns made of them.

    Parameters
    ----------
    lang
        Its code.
    entries
        What its file holds; each entry a list of words or phrases, divided by commas.
    """

    def __init__(self, lang: str, entries: dict[str, Any]) -> None:
        self.lang = lang
        self._entries = entries
        self._words: dict[str, frozenset[str]] = {}
        self._patterns: dict[tuple[str, ...], re.Pattern[str]] = {}
        self._expressions: dict[str, re.Pattern[str]] = {}

    def words(self, name: str) -> frozenset[str]:
        """Return the words and phrases of one entry."""
        if name not in self._words:
            self._words[name] = self._word_list(name)
        return self._words[name]

    def _word_list(self, name: str) -> frozenset[str]:
        found = frozenset(word.strip().casefold() for word in self._entries.get(name, "").split(",") if word.strip())
        if name == "according" and "as" in self._entries:
            found |= {f"{self._entries['as']} {verb}" for verb in self.words("asserts") | self.words("believes")}
        return found

    def as_written(self, name: str) -> frozenset[str]:
        """Return the words of one entry with their capitals."""
        return frozenset(word.strip() for word in self._entries.get(name, "").split(",") if word.strip())

    def pattern(self, *names: str) -> re.Pattern[str]:
        """Return a pattern of any word or phrase of the entries, the longest first, standing by itself."""
        if names not in self._patterns:
            self._patterns[names] = self._pattern(names)
        return self._patterns[names]

    def either(self, *names: str) -> str:
        """Return the words and phrases of entries as alternatives of a pattern, the longest first."""
        found = sorted({word for name in names for word in self.words(name)}, key=lambda word: (-len(word), word))
        return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in found)

    def _pattern(self, names: tuple[str, ...]) -> re.Pattern[str]:
        either = self.either(*names)
        if not either:
            return NEVER
        if not self.writes_spaces:
            return re.compile(either)
        return re.compile(rf"(?<!\w)(?<!\w-)(?:{self._entries.get('prefix', '')})(?:{either})(?!\w)", re.IGNORECASE)

    def denied(self, claim: str) -> str:
        """Return a claim as one denies it."""
        return str(self._entries["denial"]).format(self._within(claim))

    def doubted(self, claim: str) -> str:
        """Return a claim as one doubts it."""
        return str(self._entries["doubtful"]).format(self._within(claim))

    def _within(self, claim: str) -> str:
        first, space, rest = claim.partition(" ")
        return (first.casefold() if first.casefold() in self.words("small") else first) + space + rest

    def affirmed(self, claim: str) -> str | None:
        """Return what is the case if a claim, itself one plain denial, is not; None where that is not safe."""
        if len(self.expression("negation").findall(claim)) != 1:
            return None
        for denied, affirmed in self._affirm:
            turned, count = denied.subn(affirmed, claim)
            if count == 1 and not self.expression("negation").search(turned):
                return turned
        return None

    @cached_property
    def _affirm(self) -> list[tuple[re.Pattern[str], str]]:
        return [(self._filled(denied), affirmed) for denied, affirmed in self._entries.get("affirm", {}).items()]

    def owner(self, name: str) -> str:
        """Return a name as it stands before what it owns."""
        return str(self._entries["owner"]).format(name)

    def oblique(self, name: str) -> str:
        """Return a name as it stands behind a noun that it owns."""
        for ending, other in self._entries.get("oblique", {}).items():
            name = re.sub(ending, other, name)
        return name

    @cached_property
    def other_days(self) -> dict[str, str]:
        """Names of months and days that dateparser does not know, each with one that it does."""
        return dict(self._entries.get("other_days", {}))

    @cached_property
    def day_prefix(self) -> str:
        """Pattern of what may be written as one word with the name of a day."""
        return str(self._entries.get("day_prefix", ""))

    @cached_property
    def writes_spaces(self) -> bool:
        """Whether words are divided by spaces."""
        return self._entries.get("spaces") != "none"

    @cached_property
    def article(self) -> str:
        """The definite article, where it is written as one word with the noun."""
        return str(self._entries.get("article", ""))

    @cached_property
    def dative(self) -> str:
        """The preposition "to", where it is written as one word with the noun."""
        return str(self._entries.get("dative", ""))

    def expression(self, name: str) -> re.Pattern[str]:
        """Return an entry that is a pattern itself, in which ``{name}`` stands for the words of another entry."""
        if name not in self._expressions:
            entry = self._entries.get(name)
            self._expressions[name] = self._filled(entry) if entry else NEVER
        return self._expressions[name]

    def _filled(self, entry: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{([a-z_]+)\}", lambda of: self.either(of[1]), entry), re.IGNORECASE)

    @cached_property
    def possessives(self) -> dict[str, str]:
        """Possessives that are written on to a noun, each with a pattern of the speaker's first word that agrees."""
        return dict(self._entries.get("possessives", {}))

    @cached_property
    def verb_last(self) -> bool:
        """Whether what is said stands between the speaker and the verb."""
        return "verb_last" in self._entries

    @cached_property
    def verb_first(self) -> bool:
        """Whether the speaker stands after the verb."""
        return self._entries.get("order") == "verb first"


@cache
def pack(lang: str) -> Pack:
    """Return the pack of a language.

    Raises
    ------
    OptionError
        If there is none.
    """
    file = resources.files(__package__) / f"{lang}.toml"
    if not file.is_file():
        message = f"no language pack {lang!r}{did_you_mean(lang, languages())}; there are {', '.join(languages())}"
        raise OptionError(message)
    return Pack(lang, toml.loads(file.read_text(encoding="utf-8")))


def languages() -> list[str]:
    """Return the languages that have a pack."""
    return sorted(
        file.name.removesuffix(".toml")
        for file in resources.files(__package__).iterdir()
        if file.name.endswith(".toml")
    )
