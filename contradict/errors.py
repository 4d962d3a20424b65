"""Every error that ``contradict`` raises on purpose, and the two helpers that word them.

::

    Exception
    └── ContradictError
        ├── ClaimError (ValueError)         a claim cannot be used: empty, wrong type, bad date, unknown column
        │   └── ClaimFileError              a file cannot be read as claims
        ├── PairError (ValueError)          a labelled pair cannot be used: no premise, no such label
        ├── OptionError (ValueError)        an option is out of range or misspelt
        ├── VectorError (ValueError)        an encoder's output has the wrong shape, NaN or a zero row
        ├── FigureError (RuntimeError)      a figure cannot be drawn: no matplotlib, nothing to draw
        ├── VerdictError (ValueError)       an NLI model's output has the wrong shape, NaN or no probabilities
        └── ModelError (RuntimeError)       a model cannot be used
            ├── ModelFilesError             its files are missing, truncated or not the ones expected
            └── LabelError                  its labels cannot be resolved by name

Catch ``ContradictError`` to catch them all. Every message has the offending value, where it stands, and the way out.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
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
]

_LONGEST_VALUE = 60


class ContradictError(Exception):
    """Any error that the library raises on purpose."""


class ClaimError(ContradictError, ValueError):
    """A claim cannot be used: empty, wrong type, bad date, duplicate id, unknown column."""


class ClaimFileError(ClaimError):
    """A file cannot be read as claims."""


class PairError(ContradictError, ValueError):
    """A labelled pair cannot be used: a text is missing, or its label is none of the three."""


class OptionError(ContradictError, ValueError):
    """An option is out of range or misspelt."""


class VectorError(ContradictError, ValueError):
    """An encoder's output cannot be used: wrong shape, NaN, a zero row."""


class VerdictError(ContradictError, ValueError):
    """An NLI model's output cannot be used: wrong shape, NaN, not probabilities."""


class FigureError(ContradictError, RuntimeError):
    """A figure cannot be drawn: matplotlib is missing or too old, or there is nothing to draw."""


class ModelError(ContradictError, RuntimeError):
    """A model cannot be used."""


class ModelFilesError(ModelError):
    """A model's files cannot be used: missing package, unknown checksum, truncated file, nothing at that path."""


class LabelError(ModelError):
    """The labels of an NLI model cannot be resolved to entailment, neutral and contradiction by name."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``" (did you mean 'speaker'?)"`` for a near miss, else an empty string.

    Parameters
    ----------
    word
        What was given.
    known
        What would have been right. Case does not count.

    """
    spelling = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), spelling, n=1)
    return f" (did you mean {spelling[near[0]]!r}?)" if near else ""


def shown(value: object) -> str:
    """Return the value as an error message quotes it: its ``repr``, cut to a readable length."""
    text = repr(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
