"""Any sentence-transformers model, by name, path or instance, as an `Encoder` or an `NLI`.

Imports torch, and may fetch a model that is not on disk.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from contradict.errors import LabelError, ModelFilesError
from contradict.models import LoadOptions
from contradict.models.sentences import split_sentences
from contradict.verdicts import LABELS, label_named

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

E5_NAME = re.compile(r"(^|[/_-])e5[-_]", re.IGNORECASE)


class HubEncoder:
    """A ``SentenceTransformer`` as an encoder.

    Parameters
    ----------
    model
        Name, path or instance.
    prompt
        Put before each text. By default the model's own default prompt, else its prompt named ``query``, else
        ``"query: "`` for a model of the e5 family, which was trained with it, else nothing.
    options
        How to load a model given by name or path.

    Raises
    ------
    ModelFilesError
        If the model cannot be loaded.
    """

    def __init__(self, model: Any, *, prompt: str | None = None, options: LoadOptions | None = None) -> None:
        options = options or LoadOptions()
        self.name = model if isinstance(model, str) else name_of(model)
        if isinstance(model, str):
            from sentence_transformers import SentenceTransformer

            model = load(SentenceTransformer, model, options)
        self._model = model
        self._prompt = default_prompt(model, self.name) if prompt is None else prompt
        self._batch = {} if options.batch_size is None else {"batch_size": options.batch_size}

    def encode(self, texts: Sequence[str]) -> NDArray[np.floating]:
        """Return vectors (len(texts), d); a text longer than the model reads is encoded in parts and averaged."""
        parts, owners = [], []
        for owner, text in enumerate(texts):
            for part in split_sentences(text, self._fits):
                parts.append(part)
                owners.append(owner)
        vectors = self._model.encode(
            parts, prompt=self._prompt, normalize_embeddings=True, show_progress_bar=False, **self._batch
        )
        sums = np.zeros((len(texts), np.shape(vectors)[1]), dtype=np.float32)
        np.add.at(sums, owners, vectors)
        return sums

    def _fits(self, text: str) -> bool:
        return fits(self._model, self._prompt + text, self._model.max_seq_length)


class HubNLI:
    """A three-way ``CrossEncoder`` as an NLI model.

    Parameters
    ----------
    model
        Name, path or instance.
    labels
        The meaning of its outputs, in their order, for a model whose configuration does not tell: such as
        ``("contradiction", "entailment", "neutral")``.
    options
        How to load a model given by name or path.

    Raises
    ------
    LabelError
        If its labels are not named entailment, neutral and contradiction (or an obvious variant).
    ModelFilesError
        If the model cannot be loaded.
    """

    def __init__(self, model: Any, *, labels: Sequence[str] | None = None, options: LoadOptions | None = None) -> None:
        options = options or LoadOptions()
        self.name = model if isinstance(model, str) else name_of(model)
        if isinstance(model, str):
            from sentence_transformers import CrossEncoder

            model = load(CrossEncoder, model, options)
        self._model = model
        names = dict(enumerate(labels)) if labels is not None else model.config.id2label
        self._columns = label_columns(names, self.name)
        self._batch = {} if options.batch_size is None else {"batch_size": options.batch_size}

    def predict(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.floating]:
        """Return probabilities (len(pairs), 3): entailment, neutral, contradiction; the first text is the premise."""
        import torch

        # The activation is given, since a model may carry one of its own; softmax then gives probabilities.
        probabilities: NDArray[np.floating] = self._model.predict(
            list(pairs), activation_fn=torch.nn.Identity(), apply_softmax=True, show_progress_bar=False, **self._batch
        )
        return probabilities[:, self._columns]

    def parts(self, text: str) -> list[str]:
        """Return the text in parts of which two fit into the model together."""
        return split_sentences(text, lambda part: fits(self._model, part, self._model.max_length // 2 - 2))


def load(kind: Callable[..., Any], name: str, options: LoadOptions) -> Any:
    """Load a model by name or path."""
    try:
        return kind(name, device=options.device, backend=options.backend, local_files_only=options.local_files_only)
    except (OSError, ValueError, ImportError) as error:
        message = (
            f"model {name!r} cannot be loaded: {error}. Check the name or path, or leave it out to use the bundled "
            "model, which needs no download"
        )
        raise ModelFilesError(message) from error


def name_of(model: Any) -> str:
    """Return where an instance was loaded from, as far as it says."""
    card = getattr(model, "model_card_data", None)
    return str(getattr(card, "base_model", None) or type(model).__name__)


def default_prompt(model: Any, name: str) -> str:
    """Return the prompt an encoder wants before a text that is to be compared with its like."""
    prompts = model.prompts or {}
    known = prompts.get(model.default_prompt_name) or prompts.get("query")
    return known or ("query: " if E5_NAME.search(name) else "")


def fits(model: Any, text: str, tokens: int | None) -> bool:
    """Say whether a model reads a text whole."""
    return not tokens or len(model.tokenizer(text, truncation=False, verbose=False)["input_ids"]) <= tokens


def label_columns(labels: Mapping[int, str], name: str) -> list[int]:
    """Return the columns of entailment, neutral and contradiction, resolved by name."""
    columns: dict[str, list[int]] = {label: [] for label in LABELS}
    for column, spelling in labels.items():
        label = label_named(str(spelling))
        if label is not None:
            columns[label].append(int(column))
    if len(labels) != len(LABELS) or any(len(found) != 1 for found in columns.values()):
        message = (
            f"the outputs of {name!r} are called {list(labels.values())}; they must be named entailment, neutral and "
            "contradiction, once each. If you know their order, pass contradict.HubNLI(model, labels=('contradiction', "
            "'entailment', 'neutral')) with the right one"
        )
        raise LabelError(message)
    return [columns[label][0] for label in LABELS]
