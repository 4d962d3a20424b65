"""Training: fine-tune the bundled NLI model, or train one anew, on labelled pairs of your own.

Needs torch and onnx (``pip install contradict-claims[train]``). A run is deterministic by its seed on one machine,
checkpoints every few minutes, and goes on from its checkpoint when it is started again.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contradict.errors import ModelFilesError, OptionError
from contradict.evaluation import Evaluation, evaluate
from contradict.labelled import LabelledPair, read_labelled
from contradict.models.bundled import WEIGHTS
from contradict.models.e5 import E5File
from contradict.models.tokenizer import Tokenizer
from contradict.progress import bar
from contradict.training.batches import examples
from contradict.training.recipe import Mixture, Recipe, permissive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor

__all__ = ["Mixture", "Recipe", "Trained", "train"]

BUNDLED, ENCODER = "bundled", "encoder"
WHOLE_TOKENS = 128  # see NLIConfig
RANGE_PAIRS = 400  # on which the scales of the int8 graphs are measured


@dataclass(frozen=True, repr=False)
class Trained:
    """What a run made.

    Attributes
    ----------
    folder
        Give it to ``Detector(nli=…)``: two int8 graphs, ``nli.json``, the model card, the float weights, the log.
    pairs_seen
        In training, repeats counted.
    left_out
        Pairs that were not used, by reason.
    hours
        Of training.
    dev
        Scores of the int8 model on the development data; None where there is none.
    """

    folder: Path
    pairs_seen: int
    left_out: dict[str, int]
    hours: float
    dev: Evaluation | None

    def __repr__(self) -> str:
        """Tell where it is and how it does."""
        measured = self.dev or "not measured"
        return f"<Trained: {self.pairs_seen:,} pairs in {self.hours:.1f} h, {measured}, in {self.folder}>"


def train(
    data: object,
    dev: object = None,
    *,
    out: Path | str,
    name: str = "my-nli",
    version: str = "1",
    start: Path | str | None = None,
    mixture: Path | Mapping[str, Any] | None = None,
    exclude_noncommercial: bool = False,
    recipe: Recipe | None = None,
    show_progress_bar: bool = False,
) -> Trained:
    """Train a late-join NLI model on labelled pairs, and export it in int8 with its model card.

    Parameters
    ----------
    data
        Labelled pairs to learn from; see `contradict.evaluate` for what is read.
    dev
        Labelled pairs to measure on, and to fit the temperature on. They are never trained on: pairs of `data` that
        stand in `dev` too are left out, and counted.
    out
        Folder for all that the run makes. If a run with the same recipe was begun there, it goes on.
    name, version
        What reports call the model.
    start
        ``"bundled"``, the weights of the bundled model as its int8 graphs hold them; ``"encoder"``,
        multilingual-e5-small with a fresh head; or a ``model.safetensors`` of an earlier run. By default ``"bundled"``,
        but ``"encoder"`` with `exclude_noncommercial`, since the bundled model has seen such data.
    mixture
        How often pairs are drawn, by source and language: a dict or a TOML file with the tables ``sources``,
        ``languages`` and ``licences``.
    exclude_noncommercial
        Learn only from pairs whose licence (their column ``licence``, or the mixture's table) is known to allow
        commercial use. Pairs whose licence is not stated are left out too.
    recipe
        Passes, learning rate, batches, seed, split; by default those of `Recipe`.
    show_progress_bar
        Show progress (on stderr, only if that is a terminal).

    Returns
    -------
    Trained

    Raises
    ------
    PairError
        If a pair cannot be used.
    OptionError
        If an option is out of range, the mixture names what no pair has, or nothing is left to learn from.
    ModelFilesError
        If the weights to start from cannot be read.
    """
    from contradict.models import export
    from contradict.training.card import write_card
    from contradict.training.run import Run

    recipe, table, folder = recipe or Recipe(), Mixture.read(mixture), Path(out)
    pairs, held_out = read_labelled(data), () if dev is None else read_labelled(dev)
    table.check(pairs)
    kept, left_out = usable(pairs, held_out, table, exclude_noncommercial=exclude_noncommercial)
    file = E5File()
    made, left_out["too long"] = examples(kept, Tokenizer(file), table, recipe.longest)
    total = math.ceil(sum(example.rate for example in made) * recipe.passes)
    if total == 0:
        why = ", ".join(f"{count:,} {reason}" for reason, count in left_out.items() if count)
        message = f"of {len(pairs):,} pairs none is left to learn from ({why or 'the mixture draws none'})"
        raise OptionError(message)
    start = start or (ENCODER if exclude_noncommercial else BUNDLED)
    run = Run(folder, recipe, total, file, start_weights(start, file))
    with bar("training", total, show=show_progress_bar) as progress:
        progress(run.seen)
        run.train(made, progress=progress)
    run.save_weights()
    of_ranges = random.Random(recipe.seed).sample(kept, min(RANGE_PAIRS, len(kept)))
    about = {
        "name": name,
        "version": version,
        "whole_tokens": WHOLE_TOKENS,
        "training": {"pairs_seen": run.seen},
    }
    export.export_nli(run.average, file, [(pair.premise, pair.hypothesis) for pair in of_ranges], folder, about)
    if held_out:
        export.fit_temperature(folder, held_out)
    trained = Trained(
        folder, run.seen, left_out, round(run.seconds / 3600, 2), evaluate(held_out, nli=folder) if held_out else None
    )
    write_card(trained, kept, table, recipe, run.seen_of, start=str(start), name=name, version=version)
    return trained


def usable(
    pairs: Sequence[LabelledPair], held_out: Sequence[LabelledPair], table: Mixture, *, exclude_noncommercial: bool
) -> tuple[list[LabelledPair], dict[str, int]]:
    """Return the pairs that may be learned from, and how many may not, by reason."""
    reserved = {(pair.premise, pair.hypothesis) for pair in held_out}
    fresh = [pair for pair in pairs if (pair.premise, pair.hypothesis) not in reserved]
    kept = [pair for pair in fresh if not exclude_noncommercial or permissive(table.licence(pair))]
    return kept, {
        "in the development data": len(pairs) - len(fresh),
        "of a licence that is restricted or not stated": len(fresh) - len(kept),
    }


def start_weights(start: Path | str, file: E5File) -> dict[str, Tensor]:
    """Return the weights to start from, by their own names; for the encoder none, since a run has them anyway."""
    if start == ENCODER:
        return {}
    if start == BUNDLED:
        from contradict.models.export import float_weights

        return float_weights(WEIGHTS, file.shape)
    from contradict.training.run import load_weights

    path = Path(start)
    try:
        return load_weights(path / "model.safetensors" if path.is_dir() else path, file.shape.layers)
    except Exception as error:  # safetensors raises errors of its own kind, and those of files and names
        message = (
            f"start {str(start)!r} is no model.safetensors that contradict.train wrote ({error!r}); see its folder"
        )
        raise ModelFilesError(message) from error
