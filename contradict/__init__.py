"""Find who contradicts whom: claims in, conflicts out, in about a hundred languages, offline.

>>> import contradict
>>> report = contradict.compare("The strikes hit Islamic State.", "The strikes did not hit Islamic State.")
>>> len(report)
1

Importing this package loads neither a model nor torch; what is heavy is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contradict.articles.extraction import extract
    from contradict.calibration import Calibration
    from contradict.claims import Claim, read_claims, read_claims_stream
    from contradict.detector import Detector
    from contradict.errors import (
        ClaimError,
        ClaimFileError,
        ContradictError,
        FigureError,
        LabelError,
        ModelError,
        ModelFilesError,
        OptionError,
        PairError,
        VectorError,
        VerdictError,
    )
    from contradict.evaluation import Evaluation, Scores, evaluate
    from contradict.front import calibrate, compare
    from contradict.judged import Agreement, Conflict, JudgedPair, Probabilities
    from contradict.labelled import LabelledPair, read_labelled
    from contradict.models.hub import HubEncoder, HubNLI
    from contradict.perturbations import Perturbation, perturb
    from contradict.provenance import Counts, Provenance
    from contradict.report import Report
    from contradict.speaker_groups import SpeakerGroup, group_speakers
    from contradict.training import Mixture, Recipe, Trained, train
    from contradict.vectors import Encoder
    from contradict.verdicts import NLI

_HOMES = {
    "contradict.articles.extraction": ("extract",),
    "contradict.calibration": ("Calibration",),
    "contradict.claims": ("Claim", "read_claims", "read_claims_stream"),
    "contradict.detector": ("Detector",),
    "contradict.errors": (
        "ClaimError",
        "ClaimFileError",
        "ContradictError",
        "FigureError",
        "LabelError",
        "ModelError",
        "ModelFilesError",
        "OptionError",
        "PairError",
        "VectorError",
        "VerdictError",
    ),
    "contradict.evaluation": ("Evaluation", "Scores", "evaluate"),
    "contradict.front": ("calibrate", "compare"),
    "contradict.judged": ("Agreement", "Conflict", "JudgedPair", "Probabilities"),
    "contradict.labelled": ("LabelledPair", "read_labelled"),
    "contradict.models.hub": ("HubEncoder", "HubNLI"),
    "contradict.perturbations": ("Perturbation", "perturb"),
    "contradict.provenance": ("Counts", "Provenance"),
    "contradict.report": ("Report",),
    "contradict.speaker_groups": ("SpeakerGroup", "group_speakers"),
    "contradict.training": ("Mixture", "Recipe", "Trained", "train"),
    "contradict.vectors": ("Encoder",),
    "contradict.verdicts": ("NLI",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022 (in the order a reader meets them)
    "compare",
    "extract",
    "group_speakers",
    "SpeakerGroup",
    "read_claims",
    "read_claims_stream",
    "Claim",
    "Detector",
    "Report",
    "Conflict",
    "Agreement",
    "JudgedPair",
    "Probabilities",
    "Counts",
    "Provenance",
    "Encoder",
    "NLI",
    "HubEncoder",
    "HubNLI",
    "perturb",
    "Perturbation",
    "read_labelled",
    "LabelledPair",
    "evaluate",
    "Evaluation",
    "Scores",
    "calibrate",
    "Calibration",
    "train",
    "Trained",
    "Mixture",
    "Recipe",
    "ContradictError",
    "ClaimError",
    "ClaimFileError",
    "OptionError",
    "PairError",
    "VectorError",
    "VerdictError",
    "FigureError",
    "ModelError",
    "ModelFilesError",
    "LabelError",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOME_OF:
        message = f"module 'contradict' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
