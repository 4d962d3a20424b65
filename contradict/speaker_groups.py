"""Groups of speakers: which spellings, of many articles and languages, are one, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from contradict.articles.names import WORD, consonants, parted, script_of
from contradict.articles.packs import pack
from contradict.articles.speakers import folded
from contradict.errors import OptionError
from contradict.vectors import embed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from contradict.vectors import Encoder

SIMILAR = 92.0  # of 100: spellings of one name in one script
NEARLY = 80.0  # from here on proposed
SOUNDS_ALIKE = 86.0  # of 100: consonants of one name in two scripts
FEWEST_CONSONANTS = 4  # of a name that is known by them
MEANS_ALIKE = 0.35  # cosine of a name in two scripts; two names have up to 0.62, so that it is but one witness of two
MEANS_THE_SAME = 0.55  # cosine from which two names that do not sound alike are proposed
SHORTEST = 4  # letters of a word in which one may differ
WORDS_ALIKE = 75.0  # of 100


@dataclass(frozen=True)
class SpeakerGroup:
    """Spellings of one speaker.

    Attributes
    ----------
    name
        The longest of them, or what the aliases say.
    spellings
        All of them, sorted.
    why
        For each spelling that was merged: ``alias``, or what it is like, and how much.
    proposed
        Other groups, by name, that may be the same speaker, with what speaks for it. Nothing is merged for it; put it
        into `aliases` if it is so.
    """

    name: str
    spellings: tuple[str, ...]
    why: Mapping[str, str]
    proposed: Mapping[str, str]


def group_speakers(
    names: Iterable[str], aliases: Mapping[str, str] | None = None, *, encoder: Encoder | None = None
) -> list[SpeakerGroup]:
    """Group the spellings of many articles, in any language, that are one speaker.

    Merged are: what your table says; the same words in one script, with a letter or two of difference, titles aside;
    and, in two scripts, full names whose consonants are alike **and** whose vectors are (two witnesses). What only one
    of them speaks for, what has a surname alone, and what is like two groups, is proposed and not merged.

    Parameters
    ----------
    names
        Any number of spellings, such as the ``speaker`` of claims.
    aliases
        Spelling → name; case does not count.
    encoder
        A multilingual encoder, such as ``contradict.Detector().encoder``, for which the thresholds were chosen. Without
        one nothing is merged across scripts.

    Returns
    -------
    list of SpeakerGroup
        By name.

    Raises
    ------
    OptionError
        If an alias leads to another alias, which leads elsewhere.

    Examples
    --------
    >>> from contradict import group_speakers
    >>> for group in group_speakers(["Foreign minister Sergei Lavrov", "Sergey Lavrov", "Lavrov"]):
    ...     print(group.name, group.spellings, dict(group.proposed))
    Foreign minister Sergei Lavrov ('Foreign minister Sergei Lavrov', 'Sergey Lavrov') {'Lavrov': 'a surname alone'}
    Lavrov ('Lavrov',) {'Foreign minister Sergei Lavrov': 'a surname alone'}
    """
    known = {folded(spelling): name for spelling, name in (aliases or {}).items()}
    for spelling, name in (aliases or {}).items():
        if known.get(folded(name), name) != name:
            message = f"aliases: {spelling!r} is {name!r}, which is itself {known[folded(name)]!r}; name the last one"
            raise OptionError(message)
    spellings = sorted(set(names) | set(known.values()), key=lambda name: (-len(name), name))
    alike, doubtful = likenesses(spellings, encoder) if spellings else ({}, {})
    members: dict[str, list[int]] = {}
    why: dict[str, str] = {}
    for number, spelling in enumerate(spellings):
        if folded(spelling) in known:
            members.setdefault(known[folded(spelling)], []).append(number)
            why[spelling] = "alias"
    for number, spelling in enumerate(spellings):
        if spelling in why:
            continue
        near: dict[str, tuple[str, int]] = {}
        for name, of_name in members.items():
            for other in of_name:
                if reason := alike.get((min(number, other), max(number, other))):
                    near.setdefault(name, (reason, other))
        if len(near) == 1:
            ((name, (reason, other)),) = near.items()
            members[name].append(number)
            why[spelling] = f"{reason} {spellings[other]!r}"
            continue
        members.setdefault(spelling, []).append(number)
        doubtful |= {(min(number, other), max(number, other)): reason for reason, other in near.values()}
    given = set(names)
    return grouped(spellings, members, why, doubtful, given)


def grouped(
    spellings: Sequence[str],
    members: Mapping[str, Sequence[int]],
    why: Mapping[str, str],
    doubtful: Mapping[tuple[int, int], str],
    given: set[str],
) -> list[SpeakerGroup]:
    """Return the groups with what is proposed between them."""
    name_of = {number: name for name, of_name in members.items() for number in of_name}
    proposed: dict[str, dict[str, str]] = {name: {} for name in members}
    for (one, other), reason in sorted(doubtful.items()):
        if name_of[one] != name_of[other]:
            proposed[name_of[one]].setdefault(name_of[other], reason)
            proposed[name_of[other]].setdefault(name_of[one], reason)
    return [
        SpeakerGroup(
            name,
            tuple(sorted(spellings[number] for number in of_name if spellings[number] in given)),
            {spellings[number]: why[spellings[number]] for number in of_name if spellings[number] in why},
            dict(sorted(proposed[name].items())),
        )
        for name, of_name in sorted(members.items())
        if any(spellings[number] in given for number in of_name)
    ]


def likenesses(
    spellings: Sequence[str], encoder: Encoder | None
) -> tuple[dict[tuple[int, int], str], dict[tuple[int, int], str]]:
    """Return the pairs of spellings that are one name, and those that may be, each with the reason."""
    alike: dict[tuple[int, int], str] = {}
    doubtful = surnames(spellings)
    bare = [bare_name(spelling) for spelling in spellings]
    script = np.array([script_of(spelling) for spelling in spellings])
    other_script = script[:, None] != script[None, :]
    scores = likeness([" ".join(sorted(folded(name).split())) for name in bare])
    for one, other in upper(~other_script & (scores >= NEARLY)):
        reason = f"{scores[one, other]:.0f} % like"
        if scores[one, other] >= SIMILAR and same_words(bare[one], bare[other]):
            if is_full(bare[one]) or not parted(spellings[one])[0]:
                alike[one, other] = reason
        elif is_full(bare[one]) and is_full(bare[other]) and numbers(bare[one]) == numbers(bare[other]):
            doubtful.setdefault((one, other), reason)
    cosine = None if encoder is None else vectors_alike(bare, encoder)
    sounds = [" ".join(sorted(consonants(name))) if is_full(name) else "" for name in bare]
    known = np.array([len(sound.replace(" ", "")) >= FEWEST_CONSONANTS for sound in sounds])
    scores = likeness(sounds)
    for one, other in upper(other_script & (scores >= SOUNDS_ALIKE) & known[:, None] & known[None, :]):
        reason = f"{scores[one, other]:.0f} % of consonants"
        if cosine is None:
            doubtful[one, other] = f"{reason} like"
        elif cosine[one, other] >= MEANS_ALIKE:
            alike[one, other] = f"{reason} and {cosine[one, other]:.2f} in meaning like"
        else:
            doubtful[one, other] = f"{reason}, but {cosine[one, other]:.2f} in meaning like"
    if cosine is not None:
        across = np.where(other_script, cosine, -1.0)
        mutual = (across == across.max(axis=1)[:, None]) & (across == across.max(axis=0)[None, :])
        for one, other in upper(mutual & (across >= MEANS_THE_SAME)):
            doubtful.setdefault((one, other), f"{cosine[one, other]:.2f} in meaning like")
    return alike, doubtful


def bare_name(mention: str) -> str:
    """Return a speaker's name without the title; the mention where there is none."""
    return parted(mention)[1] or mention


def is_full(name: str) -> bool:
    """Say whether a name is more than a surname, and a name: no title or body, such as "officials" or "ministry"."""
    language = pack(script_of(name))
    return len(WORD.findall(name)) > 1 and not language.pattern("titles", "bodies").search(name)


def same_words(one: str, other: str) -> bool:
    """Say whether two names have the same words; those of a full name may be spelt with a letter or two of difference.

    A feminine ending is another name, and so is another number.
    """
    from rapidfuzz import fuzz

    ours, theirs = sorted(folded(one).split()), sorted(folded(other).split())
    if ours == theirs:
        return True
    if len(ours) != len(theirs) or numbers(one) != numbers(other) or not (is_full(one) and is_full(other)):
        return False
    return all(
        a == b or (min(len(a), len(b)) >= SHORTEST and fuzz.ratio(a, b) >= WORDS_ALIKE and not is_feminine(a, b))
        for a, b in zip(ours, theirs)
    )


def is_feminine(one: str, other: str) -> bool:
    """Say whether one of two words is the feminine of the other: Petrov, Petrova."""
    longer, shorter = sorted((one, other), key=len, reverse=True)
    return longer[:-1] == shorter and longer[-1] in "aаяه"


def surnames(spellings: Sequence[str]) -> dict[tuple[int, int], str]:
    """Return the pairs of which one is a surname alone, with or without a title, and the other ends with it."""
    by_sound: dict[str, list[int]] = {}
    for number, spelling in enumerate(spellings):
        sounds = consonants(bare_name(spelling))
        if sounds:
            by_sound.setdefault(sounds[-1], []).append(number)
    found: dict[tuple[int, int], str] = {}
    for sound, of_sound in by_sound.items():
        if len(sound) < SHORTEST - 1:
            continue
        for one in of_sound:
            if len(WORD.findall(bare_name(spellings[one]))) == 1 and not is_role(spellings[one]):
                others = (other for other in of_sound if other != one and not is_role(spellings[other]))
                found |= {(min(one, other), max(one, other)): "a surname alone" for other in others}
    return found


def is_role(mention: str) -> bool:
    """Say whether a mention names an office or a body and no person."""
    return pack(script_of(mention)).pattern("titles", "bodies").search(bare_name(mention)) is not None


def likeness(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return how alike texts are, 0 to 100, each with each."""
    from rapidfuzz import fuzz, process

    return np.asarray(process.cdist(texts, texts, scorer=fuzz.ratio, workers=1), dtype=np.float32)


def vectors_alike(texts: Sequence[str], encoder: Encoder) -> NDArray[np.float32]:
    """Return the cosines of texts, each with each."""
    vectors = embed(list(texts), encoder)
    return np.asarray(vectors @ vectors.T, dtype=np.float32)


def upper(hit: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the places of a symmetric table that are true, each pair once."""
    return [(int(one), int(other)) for one, other in np.argwhere(np.triu(hit, 1))]


def numbers(name: str) -> list[str]:
    """Return the numbers in a name: the 4th brigade is not the 5th."""
    return re.findall(r"\d+", name)
