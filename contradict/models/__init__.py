"""Models: from a name to an `Encoder` or an `NLI`. The only door to torch and to the network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from contradict.calibration import Calibration
from contradict.errors import ModelError, ModelFilesError
from contradict.ranking import Ranker

if TYPE_CHECKING:
    from contradict.vectors import Encoder
    from contradict.verdicts import NLI

BUNDLED = "bundled"


@cache
def bundled_calibration() -> Calibration:
    """Return the calibration of the bundled models."""
    return Calibration.read(Path(__file__).parent / "weights" / "calibration.json")


@cache
def bundled_ranker() -> Ranker:
    """Return what ranks pairs on the bundled encoder's vectors."""
    return Ranker.read(Path(__file__).parent / "weights" / "ranker.npz")


@dataclass(frozen=True)
class LoadOptions:
    """How to load a model that is given by name; see `contradict.Detector`."""

    device: str | None = None
    batch_size: int | None = None
    backend: str = "torch"
    local_files_only: bool = False
    threads: int | None = None


def load_encoder(spec: str | Encoder, options: LoadOptions) -> Encoder:
    """Return an encoder from ``"bundled"``, a sentence-transformers name, path or instance, or an object of one's own.

    Raises
    ------
    ModelError
        If nothing can be made of it.
    """
    if spec == BUNDLED:
        from contradict.models.bundled import BundledEncoder

        return BundledEncoder(threads=options.threads)
    if isinstance(spec, str) or is_a(spec, "SentenceTransformer"):
        from contradict.models.hub import HubEncoder

        return HubEncoder(spec, options=options)
    if not callable(getattr(spec, "encode", None)):
        message = f"encoder {spec!r} has no method encode(texts); see contradict.Encoder"
        raise ModelError(message)
    return spec


def load_nli(spec: str | Path | NLI, options: LoadOptions) -> NLI:
    """Return an NLI model from ``"bundled"``, a trained folder, a cross-encoder, or an object of one's own.

    Raises
    ------
    ModelError
        If nothing can be made of it.
    """
    if spec == BUNDLED:
        from contradict.models.bundled import BundledNLI

        return BundledNLI(threads=options.threads)
    if isinstance(spec, (str, Path)) and (Path(spec) / "nli.json").is_file():
        from contradict.models.bundled import BundledNLI

        return BundledNLI(Path(spec), threads=options.threads)
    if isinstance(spec, Path):
        message = (
            f"{spec} holds no nli.json; give the folder that contradict.train wrote, or a cross-encoder's path as str"
        )
        raise ModelFilesError(message)
    if isinstance(spec, str) or is_a(spec, "CrossEncoder"):
        from contradict.models.hub import HubNLI

        return HubNLI(spec, options=options)
    if not callable(getattr(spec, "predict", None)):
        message = f"NLI model {spec!r} has no method predict(pairs); see contradict.NLI"
        raise ModelError(message)
    return spec


def is_a(thing: object, name: str) -> bool:
    """Say whether a thing is of a sentence-transformers class, without importing the package."""
    return any(
        kind.__name__ == name and kind.__module__.startswith("sentence_transformers") for kind in type(thing).__mro__
    )
