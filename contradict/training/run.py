"""Run: the training of a late-join model in a folder, with checkpoints that it goes on from.

Two signals are taken from each pair. The label is the head's target with the premise as premise. Read the other way
round only contradiction is certain, being symmetric: the pair swapped is a contradiction exactly if the pair is one.
"""

from __future__ import annotations

import json
import logging
import math
import time
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from contradict.errors import OptionError
from contradict.models.latejoin import LateJoin
from contradict.models.names import checkpoint_names
from contradict.training.batches import Example, batches, draw
from contradict.verdicts import CONTRADICTION, LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from torch import Tensor

    from contradict.models.e5 import E5File
    from contradict.training.recipe import Recipe

logger = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 300.0
LOG_STEPS = 200
SAME_LENGTH = 16  # texts of a batch that are padded alike


def padded(sides: Sequence[Sequence[int]], file: E5File) -> tuple[Tensor, Tensor]:
    """Return the token vectors (batch, longest, width) and the mask (batch, longest) of one side of a batch."""
    tokens = np.full((len(sides), max(map(len, sides))), file.pad)
    for row, side in zip(tokens, sides):
        row[: len(side)] = side
    return torch.from_numpy(file.token_rows(tokens)), torch.from_numpy(tokens != file.pad)


def text_states(model: LateJoin, texts: Sequence[tuple[int, ...]], file: E5File) -> tuple[Tensor, Tensor]:
    """Return the states (batch, longest, width) and the mask of texts; equal ones are read once, by length."""
    distinct = sorted(set(texts), key=len)
    parts = [padded(distinct[start : start + SAME_LENGTH], file) for start in range(0, len(distinct), SAME_LENGTH)]
    longest = len(distinct[-1])
    states = torch.cat(
        [functional.pad(model.claim_states(tokens, mask), (0, 0, 0, longest - mask.shape[1])) for tokens, mask in parts]
    )
    mask = torch.cat([functional.pad(mask, (0, longest - mask.shape[1])) for _, mask in parts])
    places = {text: place for place, text in enumerate(distinct)}
    rows = torch.tensor([places[text] for text in texts])
    return states[rows], mask[rows]


def forward(model: LateJoin, batch: Sequence[Example], file: E5File) -> tuple[Tensor, Tensor]:
    """Return the logits (batch, 3) of the pairs as they are and swapped."""
    with torch.autocast("cpu", torch.bfloat16, enabled=model.training):
        texts = [example.premise for example in batch] + [example.hypothesis for example in batch]
        states, mask = text_states(model, texts, file)
        a, b, left_mask, right_mask = states[: len(batch)], states[len(batch) :], mask[: len(batch)], mask[len(batch) :]
        if model.training and torch.rand(()) < 0.5:  # neither segment may come to mean "premise"
            swapped, plain = model.join(b, right_mask, a, left_mask)
        else:
            plain, swapped = model.join(a, left_mask, b, right_mask)
    return plain.float(), swapped.float()


def loss_of(plain: Tensor, swapped: Tensor, labels: Tensor, recipe: Recipe) -> Tensor:
    """Cross-entropy of the label, plus that of "contradiction or not" for the pair swapped."""
    certain = functional.cross_entropy(plain, labels)
    others = torch.cat([swapped[:, :CONTRADICTION], swapped[:, CONTRADICTION + 1 :]], dim=1).logsumexp(1)
    margin = swapped[:, CONTRADICTION] - others
    reverse = functional.binary_cross_entropy_with_logits(margin, (labels == CONTRADICTION).float())
    return certain + recipe.reverse_weight * reverse


def optimizer_for(model: LateJoin, recipe: Recipe) -> torch.optim.AdamW:
    """Return AdamW, with no weight decay on biases and norms and a faster head."""
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in model.named_parameters():
        rate = recipe.learning_rate * (recipe.head_factor if name.startswith(("head", "segment")) else 1.0)
        decay = recipe.weight_decay if parameter.ndim > 1 else 0.0
        groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": list_, "lr": rate, "top": rate, "weight_decay": decay} for (rate, decay), list_ in groups.items()],
        fused=True,
    )


def predict(model: LateJoin, pairs: Sequence[Example], file: E5File) -> np.ndarray:
    """Return probabilities (n, 3) of the pairs, in their order."""
    order = sorted(range(len(pairs)), key=lambda index: pairs[index].tokens)
    probabilities = np.zeros((len(pairs), len(LABELS)))
    model.eval()
    with torch.inference_mode():
        for start in range(0, len(order), 64):
            indices = order[start : start + 64]
            plain, _ = forward(model, [pairs[i] for i in indices], file)
            probabilities[indices] = plain.softmax(1).numpy()
    return probabilities


def load_weights(path: Path, layers: int) -> dict[str, Tensor]:
    """Return a model's weights from a checkpoint in safetensors with Hugging Face BERT names."""
    from safetensors.torch import load_file

    stored = load_file(path)
    return {own: stored[name].float() for own, name in checkpoint_names(layers).items()}


class Run:
    """A training run in a folder: `checkpoint.pt`, `log.jsonl`, and at the end `model.safetensors`.

    Parameters
    ----------
    out
        The folder. If it has a checkpoint of the same recipe, the run goes on from there.
    recipe
        What to do.
    total
        Pairs to see in all.
    file
        The encoder's weights: token table and, under the weights that are given, the layers.
    weights
        To start from, by their own names; what is missing is the encoder's, or random by the recipe's seed.

    Raises
    ------
    OptionError
        If the folder has a checkpoint of another recipe.
    """

    def __init__(
        self, out: Path, recipe: Recipe, total: int, file: E5File, weights: Mapping[str, Tensor] | None = None
    ) -> None:
        self.out, self.recipe, self.total, self.file = out, recipe, total, file
        out.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(recipe.seed)
        self.model = LateJoin(file.shape, recipe.split, recipe.dropout)
        encoder = {name: torch.tensor(weight) for name, weight in file.layer_weights().items()}
        self.model.load_state_dict(encoder | dict(weights or {}), strict=False)
        self.average = LateJoin(file.shape, recipe.split)
        self.average.load_state_dict(self.model.state_dict())
        self.optimizer = optimizer_for(self.model, recipe)
        self.seen = self.step = 0
        self.seconds = 0.0
        self.seen_of: Counter[str] = Counter()
        if self.checkpoint.exists():
            self.resume()

    @property
    def checkpoint(self) -> Path:
        """The file that the run goes on from."""
        return self.out / "checkpoint.pt"

    def save_weights(self) -> Path:
        """Save the averaged weights in float16, and return where."""
        from safetensors.torch import save_file

        path = self.out / "model.safetensors"
        state, names = self.average.state_dict(), checkpoint_names(self.file.shape.layers)
        about = {
            "split": str(self.recipe.split),
            "pairs_seen": str(self.seen),
            "recipe": json.dumps(asdict(self.recipe)),
        }
        save_file({name: state[own].half().contiguous() for own, name in names.items()}, path, about)
        return path

    def save(self) -> None:
        """Write the checkpoint; a crash while writing leaves the last one."""
        state = {
            "recipe": {**asdict(self.recipe), "total": self.total},
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "seen": self.seen,
            "seen_of": dict(self.seen_of),
            "step": self.step,
            "seconds": self.seconds,
            "random": torch.get_rng_state(),
        }
        fresh = self.checkpoint.with_suffix(".new")
        torch.save(state, fresh)
        fresh.replace(self.checkpoint)

    def resume(self) -> None:
        """Go on from the checkpoint."""
        state = torch.load(self.checkpoint, weights_only=True)
        wanted = {**asdict(self.recipe), "total": self.total}
        stored = asdict(type(self.recipe)()) | state["recipe"]  # an older checkpoint knows fewer settings
        others = {name: value for name, value in stored.items() if wanted.get(name) != value}
        if others:
            message = (
                f"{self.checkpoint} is of a run with {', '.join(f'{k} {v}' for k, v in others.items())} instead of "
                f"{', '.join(str(wanted.get(k)) for k in others)}; give the same, or another folder"
            )
            raise OptionError(message)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        self.seen, self.step, self.seconds = state["seen"], state["step"], state["seconds"]
        self.seen_of = Counter(state["seen_of"])
        logger.info("resumed after %d pairs", self.seen)

    def log(self, **entry: Any) -> None:
        """Append one line to the run's log."""
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"pairs": self.seen, "step": self.step, **entry}) + "\n")

    def stream(self, of: Sequence[Example]) -> Iterator[list[Example]]:
        """Yield batches from where the run stands, pass after pass."""
        behind, number = 0, 0
        while True:
            drawn = draw(of, self.recipe.seed + number)
            if not drawn:
                message = "the mixture draws no pair at all; raise its rates"
                raise OptionError(message)
            if behind + len(drawn) > self.seen:
                for batch in batches(drawn, self.recipe, self.recipe.seed + number):
                    behind += len(batch)
                    if behind > self.seen:
                        yield batch
            else:
                behind += len(drawn)
            number += 1

    def train_step(self, batch: Sequence[Example]) -> float:
        """Take one step and return its loss."""
        self.model.train()
        plain, swapped = forward(self.model, batch, self.file)
        loss = loss_of(plain, swapped, torch.tensor([example.label for example in batch]), self.recipe)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = group["top"] * self.recipe.rate_at(self.seen, self.total)
        self.optimizer.step()
        keep = min(self.recipe.average, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - keep)
        self.seen += len(batch)
        self.seen_of.update(example.source for example in batch)
        self.step += 1
        return loss.item()

    def train(self, of: Sequence[Example], *, progress: Callable[[int], object] | None = None) -> None:
        """Train until all pairs are seen; checkpoint on the way, and when interrupted.

        Raises
        ------
        FloatingPointError
            If the loss is no longer finite.
        """
        torch.set_flush_denormal(True)
        losses: list[float] = []
        began = saved = logged = time.monotonic()
        before, at_log = self.seconds, self.seen
        stream = self.stream(of)
        try:
            while self.seen < self.total:
                batch = next(stream)
                losses.append(self.train_step(batch))
                now = time.monotonic()
                self.seconds = before + now - began
                if not math.isfinite(losses[-1]):
                    message = f"the loss is {losses[-1]} at step {self.step}; lower the learning rate"
                    raise FloatingPointError(message)
                if self.step % LOG_STEPS == 0:
                    speed = (self.seen - at_log) / (now - logged)
                    self.log(loss=round(float(np.mean(losses)), 4), pairs_per_second=round(speed, 1))
                    losses, logged, at_log = [], now, self.seen
                if now - saved > CHECKPOINT_SECONDS:
                    self.save()
                    saved = now
                if progress:
                    progress(len(batch))
        except KeyboardInterrupt:
            self.save()
            raise
        self.save()
