"""Apart: which claims are not to be compared, and for what reason."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from contradict.constraints import NOBODY, Constraints
from contradict.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from contradict.claims import Claim

logger = logging.getLogger(__name__)

UNKNOWN_LANGUAGE = "und"  # as ISO 639-2 says


@dataclass(frozen=True)
class Rules:
    """Which claims are compared: the options of `contradict.Detector.compare` of these names."""

    same_speaker: bool = False
    same_article: bool = False
    same_source: bool = True
    max_days_apart: int | None = None
    languages: Collection[tuple[str, str]] | None = None
    blocklist: Collection[Collection[str]] = field(default=())

    def __post_init__(self) -> None:
        if self.max_days_apart is not None and self.max_days_apart < 0:
            message = f"max_days_apart is {self.max_days_apart}, expected 0 or more days, or None for no limit"
            raise OptionError(message)
        if isinstance(self.languages, (str, bytes)) or not isinstance(self.languages, (Iterable, type(None))):
            message = f'languages is {self.languages!r}, expected pairs of language tags such as [("ar", "ru")]'
            raise OptionError(message)
        for pair in self.languages or ():
            if isinstance(pair, str) or len(pair) != 2:
                message = f'languages has {pair!r}, expected a pair of language tags such as ("ar", "ru")'
                raise OptionError(message)
        for group in self.blocklist:
            if isinstance(group, str) or len(group) < 2:
                message = f"blocklist has {group!r}, expected a group of two or more ids, speakers or sources"
                raise OptionError(message)

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        wanted = None if self.languages is None else [list(pair) for pair in self.languages]
        return asdict(self) | {"languages": wanted, "blocklist": [sorted(group) for group in self.blocklist]}

    def constraints(self, sides: Sequence[Sequence[Claim]]) -> dict[str, Constraints]:
        """Return the constraints on the claims of one or two pools by their reason, each with all before it.

        Unknown speakers, sources and dates keep nothing apart; an unknown language is ``"und"``.
        """
        found = {"same_text": Constraints([codes(sides, text, text)])}

        def add(reason: str, **what: object) -> None:
            found[reason] = replace(list(found.values())[-1], **what)  # type: ignore[arg-type]

        for reason, wanted, keys in (
            ("same_speaker", not self.same_speaker, [(asserter, asserter)]),
            ("same_article", not self.same_article, [(telling, quoting), (quoting, telling)]),
            ("same_source", not self.same_source, [(source, source)]),
        ):
            if wanted:
                add(reason, equal=[*list(found.values())[-1].equal, *(codes(sides, *of) for of in keys)])
        if self.max_days_apart is not None:
            add("days_apart", days=days(sides), max_days=self.max_days_apart)
        if self.languages is not None:
            kinds, meet = languages(sides, self.languages)
            add("languages", kinds=kinds, meet=meet)
        if self.blocklist:
            add("blocklist", blocked=groups(sides, self.blocklist))
        return found


def folded(text: str) -> str:
    """Return a text as it counts for being the same: without differences of case, width and spacing."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def ends(of_sides: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of rows and of columns: of one pool the same."""
    return of_sides[0], of_sides[-1]


def text(claim: Claim) -> str:
    """Return a claim's text as it counts for being the same."""
    return folded(claim.text)


def asserter(claim: Claim) -> str:
    """Return who answers for a claim, or nothing where nobody is known."""
    return folded(claim.asserter or "")


def source(claim: Claim) -> str:
    """Return a claim's source, or nothing."""
    return folded(claim.source or "")


def telling(claim: Claim) -> str:
    """Return the article that a claim is the own word of, or nothing."""
    return str(claim.meta.get("article", "")) if claim.speaker is None else ""


def quoting(claim: Claim) -> str:
    """Return the article that quotes a claim, or nothing."""
    return "" if claim.speaker is None else str(claim.meta.get("article", ""))


def codes(
    sides: Sequence[Sequence[Claim]], of_rows: Callable[[Claim], str], of_columns: Callable[[Claim], str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return a number for each key of the rows and of the columns, −1 for an empty one."""
    numbers: dict[str, int] = {"": NOBODY}
    rows, columns = (
        np.array([numbers.setdefault(key(claim), len(numbers)) for claim in side], dtype=np.int64)
        for key, side in ((of_rows, sides[0]), (of_columns, sides[-1]))
    )
    return rows, columns


def days(sides: Sequence[Sequence[Claim]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the day of each claim, −1 where it is not known."""
    return ends([np.array([c.date.toordinal() if c.date else NOBODY for c in side], dtype=np.int64) for side in sides])


def languages(
    sides: Sequence[Sequence[Claim]], wanted: Collection[tuple[str, str]]
) -> tuple[tuple[NDArray[np.int64], NDArray[np.int64]], NDArray[np.bool_]]:
    """Return the number of each claim's language, and the table of those that are compared, either way round."""
    known = sorted({claim.lang or UNKNOWN_LANGUAGE for side in sides for claim in side})
    number = {lang: place for place, lang in enumerate(known)}
    meet = np.zeros((len(known), len(known)), dtype=bool)
    for one, other in wanted:
        missing = [lang for lang in (one, other) if lang not in number]
        if missing:
            logger.warning("no claim is in the language %r; claims are in %s", missing[0], ", ".join(known))
        else:
            meet[number[one], number[other]] = meet[number[other], number[one]] = True
    of_sides = [np.array([number[c.lang or UNKNOWN_LANGUAGE] for c in side], dtype=np.int64) for side in sides]
    return ends(of_sides), meet


def groups(
    sides: Sequence[Sequence[Claim]], wanted: Collection[Collection[str]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers of the groups that each claim is in by its id, speaker or source, filled up with −1."""
    of_name: dict[str, list[int]] = {}
    for place, group in enumerate(wanted):
        for name in group:
            of_name.setdefault(folded(name), []).append(place)
    seen: set[str] = set()
    listed = []
    for side in sides:
        of_side = []
        for claim in side:
            names = {folded(name) for name in (claim.id, claim.speaker, claim.source) if name} & of_name.keys()
            seen |= names
            of_side.append(sorted({place for name in names for place in of_name[name]}))
        listed.append(of_side)
    if unseen := sorted(of_name.keys() - seen):
        logger.warning("blocklist: no claim has the id, speaker or source %s", ", ".join(map(repr, unseen)))
    width = max((len(places) for side in listed for places in side), default=0)
    return ends(
        [
            np.array([places + [NOBODY] * (width - len(places)) for places in side], dtype=np.int64).reshape(-1, width)
            for side in listed
        ]
    )


def excluded_by(apart: Mapping[str, Constraints], rows: int, columns: int, *, within: bool) -> dict[str, int]:
    """Return how many pairs each reason leaves out that no reason before it does."""
    sums = [constraints.count(rows, columns, within=within) for constraints in apart.values()]
    return {reason: count - before for reason, count, before in zip(apart, sums, [0, *sums])}
