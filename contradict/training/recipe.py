"""Recipe: what a training run does, and the mixture of sources and languages it draws its pairs by."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contradict import toml
from contradict.errors import OptionError, did_you_mean, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from contradict.labelled import LabelledPair

TABLES = ("sources", "languages", "licences")
PERMISSIVE = re.compile(r"apache|\bmit\b|bsd|\bisc\b|cc0|cc[ -]by|odc|public domain|unlicense|\bpddl\b", re.IGNORECASE)
RESTRICTED = re.compile(
    r"\bnc\b|non-?commercial|\bnd\b|research (?:use|only|purposes)|not stated|unknown", re.IGNORECASE
)


@dataclass(frozen=True)
class Mixture:
    """How often pairs are drawn, by where they are from and by language.

    Attributes
    ----------
    sources
        By source (the column ``source``, else the file's name): how often each of its pairs is seen in a pass. 0.5:
        every second one; 2: each twice; 0: none; 1 where a source is not named.
    languages
        The same by language, or pair of languages such as ``ar-en``; the two factors multiply.
    licences
        By source: its licence, where the rows themselves name none.
    """

    sources: Mapping[str, float] = field(default_factory=dict)
    languages: Mapping[str, float] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, table: Path | Mapping[str, Any] | None) -> Mixture:
        """Read a table: a TOML file with ``[sources]``, ``[languages]`` and ``[licences]``, or a dict like it.

        Raises
        ------
        OptionError
            If the table cannot be read, has other parts, or a rate that is no number from 0 on.
        """
        if table is None:
            return cls()
        try:
            parts = toml.loads(table.read_text(encoding="utf-8")) if isinstance(table, Path) else dict(table)
        except (OSError, ValueError) as error:
            message = f"mixture {str(table)!r} cannot be read: {error}"
            raise OptionError(message) from error
        for part, entries in parts.items():
            if part not in TABLES or not hasattr(entries, "items"):
                message = (
                    f"mixture has the part {part!r}{did_you_mean(part, TABLES)}; its tables are {', '.join(TABLES)}"
                )
                raise OptionError(message)
            for name, rate in entries.items() if part != "licences" else ():
                if isinstance(rate, bool) or not isinstance(rate, (int, float)) or not rate >= 0:
                    message = f"mixture: {part}.{name} is {shown(rate)}, expected a number from 0 on"
                    raise OptionError(message)
        return cls(**parts)

    def check(self, pairs: Iterable[LabelledPair]) -> None:
        """Refuse a rate for a source or language that no pair has: it is mistyped.

        Raises
        ------
        OptionError
        """
        pairs = list(pairs)
        known = {"sources": {p.source for p in pairs}, "languages": {p.languages for p in pairs}}
        for part, names in known.items():
            for name in getattr(self, part):
                if name not in names:
                    message = (
                        f"mixture: no pair has {name!r} under {part}{did_you_mean(name, names)}; "
                        f"there are {', '.join(sorted(names - {''})) or 'none'}"
                    )
                    raise OptionError(message)

    def rate(self, pair: LabelledPair) -> float:
        """Return how often a pair is expected in a pass."""
        return self.sources.get(pair.source, 1.0) * self.languages.get(pair.languages, 1.0)

    def licence(self, pair: LabelledPair) -> str:
        """Return the licence of a pair as it or the table states it; empty where neither does."""
        return pair.licence or self.licences.get(pair.source, "")


def permissive(licence: str) -> bool:
    """Say whether a licence is known to allow commercial use; what is not stated does not."""
    return bool(PERMISSIVE.search(licence)) and not RESTRICTED.search(licence)


@dataclass(frozen=True)
class Recipe:
    """What a run does; saved with the weights.

    Attributes
    ----------
    passes
        Over what the mixture draws of the data.
    batch_tokens, batch_pairs
        A batch is cut at either (padding counted).
    learning_rate
        For the body; head and segment vectors take `head_factor` times as much.
    warmup, decay
        Shares of the run in which the rate rises from 0 and falls to 0; constant in between.
    dropout
        Share of what a layer adds, and of the head's input, that is set to 0: against learning the pairs by heart.
    average
        Decay of the running average of the weights, which is what is exported.
    reverse_weight
        Weight of the swapped pair's loss.
    longest
        A pair with a longer side, in tokens, is left out (and counted).
    split
        Layers that read a text alone; 0 is a plain cross-encoder.
    """

    passes: float = 1.0
    batch_tokens: int = 1_800
    batch_pairs: int = 40
    learning_rate: float = 1e-4
    head_factor: float = 5.0
    warmup: float = 0.06
    decay: float = 0.2
    weight_decay: float = 0.01
    dropout: float = 0.0
    average: float = 0.998
    reverse_weight: float = 0.3
    longest: int = 160
    split: int = 8
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("passes", "batch_tokens", "batch_pairs", "learning_rate", "longest"):
            if not getattr(self, name) > 0:
                message = f"{name} is {getattr(self, name)}, expected more than 0"
                raise OptionError(message)
        if not 0 <= self.dropout < 1:
            message = f"dropout is {self.dropout}, expected from 0 to below 1"
            raise OptionError(message)

    def rate_at(self, seen: int, total: int) -> float:
        """Return the share of the learning rate after `seen` of `total` pairs: up, constant, down."""
        progress = seen / total
        rise = progress / self.warmup if self.warmup else 1.0
        fall = (1 - progress) / self.decay if self.decay else 1.0
        return max(0.0, min(1.0, rise, fall))
