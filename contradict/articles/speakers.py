"""Speakers: which of an article's mentions are one speaker, and which spellings of many articles are.

A pronoun or a short form stands for the last speaker that fits; a longer form is looked for before it and behind it.
Nothing is merged in doubt: a short form that fits two speakers stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contradict.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from contradict.articles.packs import Pack
    from contradict.articles.statements import Statement

WORD = re.compile(r"\w+")
SIMILAR = 92.0  # of 100: spellings of one name


@dataclass(frozen=True)
class Resolved:
    """A speaker, and why.

    Attributes
    ----------
    name
        As the text names the speaker at length, or as the aliases say; None where nobody is named.
    why
        ``as written``, ``pronoun``, ``short form`` or ``alias``.
    """

    name: str | None
    why: str


def resolved(
    text: str, found: Sequence[Statement], pack: Pack, aliases: Mapping[str, str] | None = None
) -> list[Resolved]:
    """Return the speaker of each statement.

    Parameters
    ----------
    text
        The article.
    found
        Its statements, in order.
    pack
        Its language.
    aliases
        Spelling → name, for speakers that you know; case does not count.
    """
    known = {folded(spelling): name for spelling, name in (aliases or {}).items()}
    mentions = [None if s.speaker is None else " ".join(text[slice(*s.speaker)].split()) for s in found]
    forms = Forms(sorted({m for m in mentions if m}), pack)
    pronouns = {folded(word) for word in pack.words("pronouns")}
    result: list[Resolved] = []
    last: str | None = None
    for mention in mentions:
        answer = Resolved(mention, "as written")
        if mention is None:
            result.append(answer)
            continue
        if folded(mention) in pronouns:
            fuller = last if fits(mention, last, pack) else None
            answer = Resolved(fuller or mention, "pronoun" if fuller else "as written")
        else:
            names = forms.longer(mention)
            if last in names or len(names) == 1:
                answer = Resolved(last if last in names else names[0], "short form")
        if answer.name and folded(answer.name) in known:
            answer = Resolved(known[folded(answer.name)], "alias")
        elif folded(mention) in known:
            answer = Resolved(known[folded(mention)], "alias")
        last = answer.name
        result.append(answer)
    return result


def fits(pronoun: str, name: str | None, pack: Pack) -> bool:
    """Say whether a pronoun or a definite word ("the source") can stand for a speaker."""
    if name is None:
        return False
    bare = folded(pronoun).removeprefix(pack.article)
    personal = folded(pronoun) in {folded(word) for word in pack.words("personal")}
    return personal or bare in {folded(word).removeprefix(pack.article) for word in WORD.findall(name)}


class Forms:
    """The names of an article, by their first and last words."""

    def __init__(self, names: Sequence[str], pack: Pack) -> None:
        self.pack = pack
        self.words_of = {name: self.words(name) for name in names}
        self.by_end: dict[str, list[str]] = {}
        for name, words in self.words_of.items():
            if not pack.expression("joined").search(name):  # one of two who speak together is not both
                for word in {words[0], words[-1]} if words else ():
                    self.by_end.setdefault(word, []).append(name)
        self._longer: dict[str, list[str]] = {}

    def words(self, name: str) -> list[str]:
        """Return the words of a name as they are compared."""
        return [folded(word).removeprefix(self.pack.article) for word in WORD.findall(name)]

    def longer(self, short: str) -> list[str]:
        """Return the names that a mention is a short form of: its words are in them, at their end or start."""
        if short not in self._longer:
            few = self.words_of.get(short) or self.words(short)
            near = {name: None for word in few[:1] + few[-1:] for name in self.by_end.get(word, ())}
            self._longer[short] = [
                name
                for name in near
                if len(few) < len(many := self.words_of[name])
                and set(few) <= set(many)
                and (few[-1] == many[-1] or few[0] == many[0])
            ]
        return self._longer[short]


def folded(text: str) -> str:
    """Return a name as it counts for being the same: without case, accents, vowel signs and spelling of the hamza."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(plain.replace("ى", "ي").replace("ة", "ه").split())


@dataclass(frozen=True)
class Group:
    """Spellings of one speaker.

    Attributes
    ----------
    name
        The longest of them, or what the aliases say.
    spellings
        All of them, sorted.
    why
        For each spelling but the name: ``alias``, or how similar it is to which other.
    """

    name: str
    spellings: tuple[str, ...]
    why: Mapping[str, str]


def group_speakers(names: Iterable[str], aliases: Mapping[str, str] | None = None) -> list[Group]:
    """Group the spellings of many articles that are one speaker.

    By a table that you give, else by spelling alone (the same words in another order, with a letter or two of
    difference). What is similar to two different groups stays by itself.

    Parameters
    ----------
    names
        Any number of spellings.
    aliases
        Spelling → name.

    Returns
    -------
    list of Group
        By name.

    Raises
    ------
    OptionError
        If an alias leads to another alias, which leads elsewhere.
    """
    from rapidfuzz import fuzz

    known = {folded(spelling): name for spelling, name in (aliases or {}).items()}
    for spelling, name in (aliases or {}).items():
        if known.get(folded(name), name) != name:
            message = f"aliases: {spelling!r} is {name!r}, which is itself {known[folded(name)]!r}; name the last one"
            raise OptionError(message)
    members: dict[str, list[str]] = {}
    why: dict[str, str] = {}
    for spelling in sorted(set(names), key=lambda name: (-len(name), name)):
        if folded(spelling) in known:
            members.setdefault(known[folded(spelling)], []).append(spelling)
            why[spelling] = "alias"
            continue
        near = {
            name: (score, other)
            for name, of_name in members.items()
            for other in of_name
            if (score := fuzz.token_sort_ratio(folded(spelling), folded(other))) >= SIMILAR
            and numbers(spelling) == numbers(other)
        }
        if len(near) == 1:
            ((name, (score, other)),) = near.items()
            members[name].append(spelling)
            why[spelling] = f"{score:.0f} % like {other!r}"
        else:
            members.setdefault(spelling, []).append(spelling)
    return [
        Group(name, tuple(sorted(of_name)), {spelling: why[spelling] for spelling in of_name if spelling in why})
        for name, of_name in sorted(members.items())
    ]


def numbers(name: str) -> list[str]:
    """Return the numbers in a name: the 4th brigade is not the 5th."""
    return re.findall(r"\d+", name)
