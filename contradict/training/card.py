"""Card: what a trained model was made from and how it does, as Markdown."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import date
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from contradict.evaluation import measures
from contradict.labelled import languages_of
from contradict.models.e5 import E5File
from contradict.verdicts import LABELS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from contradict.evaluation import Scores
    from contradict.labelled import LabelledPair
    from contradict.training import Trained
    from contradict.training.recipe import Mixture, Recipe

TEMPLATE = Path(__file__).with_name("card.md.jinja")


def write_card(
    trained: Trained,
    pairs: Sequence[LabelledPair],
    mixture: Mixture,
    recipe: Recipe,
    seen: Mapping[str, int],
    *,
    start: str,
    name: str,
    version: str,
) -> None:
    """Write the card of a model as ``README.md`` into its folder."""
    environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    card = template.render(
        name=name,
        version=version,
        trained=trained,
        recipe=recipe,
        layers=E5File().shape.layers,
        library=metadata.version("contradict-claims"),
        date=date.today().isoformat(),
        start=start,
        sources=sources_of(pairs, mixture, seen),
        settings=json.dumps(asdict(recipe) | {"mixture": asdict(mixture)}, indent=2, ensure_ascii=False),
        cell=cell,
    )
    (trained.folder / "README.md").write_text(card, encoding="utf-8")


def sources_of(pairs: Sequence[LabelledPair], mixture: Mixture, seen: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return what the card says of each source."""
    of_source: dict[str, list[LabelledPair]] = {}
    for pair in pairs:
        of_source.setdefault(pair.source, []).append(pair)
    rows = []
    for source, members in sorted(of_source.items()):
        labels = Counter(pair.label for pair in members)
        rows.append(
            {
                "name": source or "not named",
                "pairs": len(members),
                "seen": seen.get(source, 0),
                "languages": " ".join(languages_of(members)) or "not stated",
                "labels": " / ".join(f"{labels[label]:,}" for label in LABELS),
                "licence": ", ".join(sorted({mixture.licence(pair) for pair in members} - {""})),
            }
        )
    return rows


def cell(scores: Scores, measure: str) -> str:
    """Return a figure with its interval."""
    value = measures(scores)[measure]
    if value is None:
        return "–"
    bounds = scores.intervals.get(measure)
    return f"{value:.3f}" + (f" ({bounds[0]:.3f}–{bounds[1]:.3f})" if bounds else "")
