"""Fine-tune the late-join NLI model on labelled pairs.

Needs torch (`pip install contradict-claims[train]`). Rows are ``{"premise", "hypothesis", "label", "lang", "source"}``.
A run is deterministic by its seed, checkpoints every few minutes and goes on from its checkpoint.

Two signals are taken from each pair. The label is the head's target with the premise as premise. Read the other way
round only contradiction is certain, being symmetric: the pair swapped is a contradiction exactly if the pair is one.
"""

from __future__ import annotations

import gzip
import json
import logging
import math
import random
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from sklearn.metrics import f1_score
from torch.nn import functional

from contradict.models.e5 import E5File
from contradict.models.latejoin import LateJoin
from contradict.models.names import checkpoint_names
from contradict.models.tokenizer import Tokenizer
from contradict.verdicts import CONTRADICTION, LABELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from torch import Tensor

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Recipe:
    """What a run does; saved with the weights.

    Attributes
    ----------
    pairs
        Labelled pairs to see in all.
    batch_tokens, batch_pairs
        A batch is cut at either (padding counted).
    learning_rate
        For the body; head and segment vectors take `head_factor` times as much.
    warmup, decay
        Shares of the run in which the rate rises from 0 and falls to 0; constant in between.
    average
        Decay of the running average of the weights, which is what is exported.
    reverse_weight
        Weight of the swapped pair's loss.
    longest
        A pair with a longer side, in tokens, is left out (and counted).
    """

    pairs: int = 200_000
    batch_tokens: int = 1_800
    batch_pairs: int = 40
    learning_rate: float = 1e-4
    head_factor: float = 5.0
    warmup: float = 0.02
    decay: float = 0.2
    weight_decay: float = 0.01
    average: float = 0.998
    reverse_weight: float = 0.3
    longest: int = 128
    split: int = 8
    seed: int = 0
    rates: Mapping[str, float] = field(default_factory=dict)
    languages: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """A labelled pair, as token ids."""

    premise: tuple[int, ...]
    hypothesis: tuple[int, ...]
    label: int
    lang: str
    source: str

    @property
    def tokens(self) -> int:
        """Both sides together."""
        return len(self.premise) + len(self.hypothesis)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read labelled pairs from a JSON-lines file, gzipped or not."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in data.split(b"\n") if line]


def tokenise(rows: Iterable[Mapping[str, Any]], tokenizer: Tokenizer, longest: int) -> tuple[list[Pair], int]:
    """Return the rows as token ids, and how many were left out for a side longer than `longest`."""
    pairs, left_out = [], 0
    for row in rows:
        premise, hypothesis = tokenizer.encode(row["premise"]), tokenizer.encode(row["hypothesis"])
        if max(len(premise), len(hypothesis)) > longest:
            left_out += 1
            continue
        label = LABELS.index(row["label"])
        pairs.append(Pair(tuple(premise), tuple(hypothesis), label, row.get("lang", ""), row.get("source", "")))
    return pairs, left_out


def draw(pairs: Mapping[str, Sequence[Pair]], recipe: Recipe, seed: int) -> list[Pair]:
    """Draw one pass: each pair about `rate of its source × rate of its language` times, in random order."""
    chance = random.Random(seed)
    drawn = []
    for source, members in sorted(pairs.items()):
        for pair in members:
            expected = recipe.rates.get(source, 1.0) * recipe.languages.get(pair.lang, 1.0)
            drawn += [pair] * (int(expected) + (chance.random() < expected % 1))
    chance.shuffle(drawn)
    return drawn


def batches(pairs: Sequence[Pair], recipe: Recipe, seed: int) -> list[list[Pair]]:
    """Cut pairs into batches of similar length: chunks are sorted by tokens, cut, and the batches shuffled."""
    chance = random.Random(seed)
    made: list[list[Pair]] = []
    chunk = 50 * recipe.batch_pairs
    for start in range(0, len(pairs), chunk):
        batch: list[Pair] = []
        for pair in sorted(pairs[start : start + chunk], key=lambda pair: pair.tokens):
            full = len(batch) == recipe.batch_pairs or (len(batch) + 1) * pair.tokens > recipe.batch_tokens
            if batch and full:
                made.append(batch)
                batch = []
            batch.append(pair)
        made.append(batch)
    chance.shuffle(made)
    return made


def padded(sides: Sequence[Sequence[int]], file: E5File) -> tuple[Tensor, Tensor]:
    """Return the token vectors (batch, longest, width) and the mask (batch, longest) of one side of a batch."""
    tokens = np.full((len(sides), max(map(len, sides))), file.pad)
    for row, side in zip(tokens, sides):
        row[: len(side)] = side
    return torch.from_numpy(file.token_rows(tokens)), torch.from_numpy(tokens != file.pad)


def forward(model: LateJoin, batch: Sequence[Pair], file: E5File) -> tuple[Tensor, Tensor]:
    """Return the logits (batch, 3) of the pairs as they are and swapped."""
    left, left_mask = padded([pair.premise for pair in batch], file)
    right, right_mask = padded([pair.hypothesis for pair in batch], file)
    with torch.autocast("cpu", torch.bfloat16, enabled=model.training):
        a, b = model.claim_states(left, left_mask), model.claim_states(right, right_mask)
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


def rate_at(seen: int, recipe: Recipe) -> float:
    """Return the share of the learning rate after `seen` pairs: up, constant, down."""
    progress = seen / recipe.pairs
    rise = progress / recipe.warmup if recipe.warmup else 1.0
    fall = (1 - progress) / recipe.decay if recipe.decay else 1.0
    return max(0.0, min(1.0, rise, fall))


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


def predict(model: LateJoin, pairs: Sequence[Pair], file: E5File) -> np.ndarray:
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


def score(model: LateJoin, sets: Mapping[str, Sequence[Pair]], file: E5File) -> dict[str, Any]:
    """Return accuracy and contradiction F1 of each development set."""
    scores = {}
    for name, pairs in sets.items():
        probabilities = predict(model, pairs, file)
        labels = np.array([pair.label for pair in pairs])
        called = probabilities.argmax(1)
        scores[name] = {
            "accuracy": round(float((called == labels).mean()), 4),
            "contradiction_f1": round(float(f1_score(labels == CONTRADICTION, called == CONTRADICTION)), 4),
        }
    return scores


class Run:
    """A training run in a folder: `checkpoint.pt`, `log.jsonl`, and at the end `model.safetensors`."""

    def __init__(self, out: Path, recipe: Recipe, *, start: Path | None = None) -> None:
        self.out, self.recipe = out, recipe
        out.mkdir(parents=True, exist_ok=True)
        self.file = E5File()
        self.tokenizer = Tokenizer(self.file)
        torch.manual_seed(recipe.seed)
        self.model = LateJoin(self.file.shape, recipe.split)
        encoder = {name: torch.tensor(weight) for name, weight in self.file.layer_weights().items()}
        self.model.load_state_dict(encoder, strict=False)
        if start is not None:
            self.load_weights(start)
        self.average = LateJoin(self.file.shape, recipe.split)
        self.average.load_state_dict(self.model.state_dict())
        self.optimizer = optimizer_for(self.model, recipe)
        self.seen = self.step = 0
        if self.checkpoint.exists():
            self.resume()

    @property
    def checkpoint(self) -> Path:
        """The file that the run goes on from."""
        return self.out / "checkpoint.pt"

    def load_weights(self, path: Path) -> None:
        """Load a checkpoint in safetensors with Hugging Face BERT names."""
        from safetensors.torch import load_file

        stored = load_file(path)
        names = checkpoint_names(self.file.shape.layers)
        self.model.load_state_dict({own: stored[name].float() for own, name in names.items()})

    def save_weights(self, path: Path) -> None:
        """Save the averaged weights in float16."""
        from safetensors.torch import save_file

        state, names = self.average.state_dict(), checkpoint_names(self.file.shape.layers)
        about = {
            "split": str(self.recipe.split),
            "pairs_seen": str(self.seen),
            "recipe": json.dumps(asdict(self.recipe)),
        }
        save_file({name: state[own].half().contiguous() for own, name in names.items()}, path, about)

    def save(self) -> None:
        """Write the checkpoint; a crash while writing leaves the last one."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "seen": self.seen,
            "step": self.step,
            "random": torch.get_rng_state(),
        }
        fresh = self.checkpoint.with_suffix(".new")
        torch.save(state, fresh)
        fresh.replace(self.checkpoint)

    def resume(self) -> None:
        """Go on from the checkpoint."""
        state = torch.load(self.checkpoint, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        self.seen, self.step = state["seen"], state["step"]
        logger.info("resumed after %d pairs", self.seen)

    def log(self, **entry: Any) -> None:
        """Append one line to the run's log."""
        with (self.out / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"pairs": self.seen, "step": self.step, **entry}) + "\n")

    def stream(self, pairs: Mapping[str, Sequence[Pair]]) -> Iterator[list[Pair]]:
        """Yield batches from where the run stands, pass after pass."""
        behind = 0
        for number in range(10_000):
            drawn = draw(pairs, self.recipe, self.recipe.seed + number)
            if behind + len(drawn) <= self.seen:
                behind += len(drawn)
                continue
            for batch in batches(drawn, self.recipe, self.recipe.seed + number):
                behind += len(batch)
                if behind > self.seen:
                    yield batch

    def train_step(self, batch: Sequence[Pair]) -> float:
        """Take one step and return its loss."""
        self.model.train()
        plain, swapped = forward(self.model, batch, self.file)
        loss = loss_of(plain, swapped, torch.tensor([pair.label for pair in batch]), self.recipe)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for group in self.optimizer.param_groups:
            group["lr"] = group["top"] * rate_at(self.seen, self.recipe)
        self.optimizer.step()
        keep = min(self.recipe.average, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.model.parameters()), 1 - keep)
        self.seen += len(batch)
        self.step += 1
        return loss.item()

    def train(
        self,
        pairs: Mapping[str, Sequence[Pair]],
        dev: Mapping[str, Sequence[Pair]],
        *,
        checkpoint_seconds: float = 300,
        score_pairs: int = 25_000,
    ) -> None:
        """Train until the recipe's number of pairs is seen; checkpoint and score on the way."""
        torch.set_flush_denormal(True)
        losses: list[float] = []
        saved = began = time.monotonic()
        seen_before, next_score = self.seen, (self.seen // score_pairs + 1) * score_pairs
        for batch in self.stream(pairs):
            losses.append(self.train_step(batch))
            if not math.isfinite(losses[-1]):
                message = f"the loss is {losses[-1]} at step {self.step}; lower the learning rate"
                raise FloatingPointError(message)
            if self.step % 200 == 0:
                speed = (self.seen - seen_before) / (time.monotonic() - began)
                self.log(loss=round(float(np.mean(losses)), 4), pairs_per_second=round(speed, 1))
                losses.clear()
            if time.monotonic() - saved > checkpoint_seconds:
                self.save()
                saved = time.monotonic()
            done = self.seen >= self.recipe.pairs
            if done or self.seen >= next_score:
                self.save()
                self.save_weights(self.out / "model.safetensors")
                self.log(scores=score(self.average, dev, self.file))
                next_score += score_pairs
            if done:
                return


def composition(pairs: Iterable[Pair]) -> dict[str, dict[str, int]]:
    """Count pairs by source, language and label, for the log and the model card."""
    pairs = list(pairs)
    return {
        "source": dict(Counter(pair.source for pair in pairs).most_common()),
        "lang": dict(Counter(pair.lang for pair in pairs).most_common()),
        "label": dict(Counter(LABELS[pair.label] for pair in pairs)),
    }
