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
    longest = sorted({m for m in mentions if m}, key=lambda mention: -len(WORD.findall(mention)))
    result: list[Resolved] = []
    last: str | None = None
    for mention in mentions:
        answer = Resolved(mention, "as written")
        if mention is None:
            result.append(answer)
            continue
        if folded(mention) in {folded(word) for word in pack.words("pronouns")}:
            fuller = last if fits(mention, last, pack) else None
            answer = Resolved(fuller or mention, "pronoun" if fuller else "as written")
        else:
            names = {name for name in longest if stands_for(mention, name, pack)}
            if last in names or len(names) == 1:
                answer = Resolved(last if last in names else names.pop(), "short form")
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


def stands_for(short: str, long: str, pack: Pack) -> bool:
    """Say whether a mention is a short form of a longer one: its words are in it, and stand at its end or start."""
    few = [folded(word).removeprefix(pack.article) for word in WORD.findall(short)]
    many = [folded(word).removeprefix(pack.article) for word in WORD.findall(long)]
    if not few or len(few) >= len(many) or not set(few) <= set(many):
        return False
    return few[-1] == many[-1] or few[0] == many[0]


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
