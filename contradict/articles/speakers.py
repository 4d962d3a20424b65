"""Speakers: which of an article's mentions are one speaker.

A pronoun or a short form stands for the last speaker that fits; a longer form is looked for before it and behind it.
Nothing is merged in doubt: a short form that fits two speakers stays as it is. `contradict.group_speakers` does
it across articles.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contradict.articles.names import parted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contradict.articles.packs import Pack
    from contradict.articles.statements import Statement

WORD = re.compile(r"\w+")


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
    """The names of an article, by their first and last words, and by the last of their titles."""

    def __init__(self, names: Sequence[str], pack: Pack) -> None:
        self.pack = pack
        self.words_of = {name: self.words(name) for name in names}
        self.title_of = {name: self.title(name) for name in names}
        self.by_end: dict[str, list[str]] = {}
        for name, words in self.words_of.items():
            if not pack.expression("joined").search(name):  # one of two who speak together is not both
                for word in {*words[:1], *words[-1:], *self.title_of[name][-1:]}:
                    self.by_end.setdefault(word, []).append(name)
        self._longer: dict[str, list[str]] = {}

    def words(self, name: str) -> list[str]:
        """Return the words of a name as they are compared, without the article."""
        found = [folded(word).removeprefix(self.pack.article) for word in WORD.findall(name)]
        return found[1:] if len(found) > 1 and found[0] in self.pack.words("definite") else found

    def title(self, name: str) -> list[str]:
        """Return the words of a full name's title: "the minister" is short for "trade minister Ann Reed"."""
        title, person = parted(name, self.pack)
        return self.words(title) if title and person else []

    def longer(self, short: str) -> list[str]:
        """Return the names that a mention is a short form of: its words are in them, at their end or start."""
        if short not in self._longer:
            few = self.words_of.get(short) or self.words(short)
            near = {name: None for word in few[:1] + few[-1:] for name in self.by_end.get(word, ())}
            self._longer[short] = [name for name in near if self.is_longer(name, few)]
        return self._longer[short]

    def is_longer(self, name: str, few: Sequence[str]) -> bool:
        """Say whether a name has the words of a mention, and more."""
        many, title = self.words_of[name], self.title_of[name]
        if len(few) >= len(many) or not set(few) <= set(many):
            return False
        return few[-1] == many[-1] or few[0] == many[0] or few[-1:] == title[-1:]


def folded(text: str) -> str:
    """Return a name as it counts for being the same: without case, accents, vowel signs and spelling of the hamza."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(plain.replace("ى", "ي").replace("ة", "ه").split())
