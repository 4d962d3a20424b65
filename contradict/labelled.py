"""Labelled pairs: rows of premise, hypothesis and label, to measure a model on, to calibrate it or to train it.

They come from files (JSON lines, JSON, CSV, Parquet), tables, ``datasets.Dataset``s, iterables of mappings, or by the
name of a dataset on a hub.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contradict.claim_files import file_rows
from contradict.claim_rows import table_rows
from contradict.errors import PairError, did_you_mean, shown
from contradict.verdicts import LABELS, label_named

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "premise": ("premise", "sentence1", "text_a", "evidence"),
    "hypothesis": ("hypothesis", "sentence2", "text_b", "claim"),
    "label": ("label", "gold_label", "relation"),
    "lang": ("lang", "language", "premise_lang"),
    "hypothesis_lang": ("hypothesis_lang",),
    "source": ("source", "dataset"),
    "licence": ("licence", "license"),
    "group": ("group", "idx", "pair_id"),
}
"""For each field of a labelled pair the column names it is known by, the preferred one first."""

DATASETS: Mapping[str, str] = {"xnli": "facebook/xnli"}  # names known to everyone, and where they are kept


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two texts, and what the first says of the second.

    Attributes
    ----------
    premise, hypothesis
        The texts.
    label
        ``entailment``, ``neutral`` or ``contradiction``.
    lang, hypothesis_lang
        Languages of the two texts; the second is that of the first unless it is given. Empty where not known.
    source, licence
        The dataset it is from, and on what terms. Empty where not known.
    group
        Pairs that are not independent of each other share a group (translations of one pair, hypotheses on one
        premise); by default the premise.
    """

    premise: str
    hypothesis: str
    label: str
    lang: str = ""
    hypothesis_lang: str = ""
    source: str = ""
    licence: str = ""
    group: str = ""

    @property
    def languages(self) -> str:
        """``ar``, or ``ar-en`` where the hypothesis is in another language than the premise."""
        return self.lang if self.hypothesis_lang in ("", self.lang) else f"{self.lang}-{self.hypothesis_lang}"


def read_labelled(
    data: object, *, labels: Sequence[str] | None = None, lang: Sequence[str] | str = (), split: str = "test"
) -> tuple[LabelledPair, ...]:
    """Read labelled pairs.

    Parameters
    ----------
    data
        A ``pathlib.Path`` of a JSONL, JSON, CSV or Parquet file (also with ``.gz``), or several; a DataFrame, a
        ``datasets.Dataset``, an iterable of mappings or `LabelledPair`s. A string is the name of a dataset on the
        Hugging Face hub (``"xnli"`` is known by that name), which is fetched.
    labels
        The meaning of labels that are numbers, in their order; a ``datasets.Dataset`` whose feature names its classes
        needs none.
    lang
        For a dataset on a hub: its configurations, which for XNLI are languages.
    split
        For a dataset on a hub: the split.

    Returns
    -------
    tuple of LabelledPair

    Raises
    ------
    PairError
        If a row has no premise, hypothesis or label, or a label that is none of the three.
    ClaimError
        If a file or table cannot be read.
    """
    names = None if labels is None else [label_of(label, "labels") for label in labels]
    read = [pair_of(row, place, fallback, names) for place, row, fallback, names in rows_of(data, lang, split, names)]
    if not read:
        message = f"no labelled pairs in {shown(data)}; check the path or the split"
        raise PairError(message)
    return tuple(read)


def rows_of(
    data: object, lang: Sequence[str] | str, split: str, names: Sequence[str] | None
) -> Iterator[tuple[str, object, dict[str, str], Sequence[str] | None]]:
    """Yield place and row, what the file or dataset says of all its rows, and the names of numbered labels."""
    if isinstance(data, str):
        for config in [lang] if isinstance(lang, str) else lang or [""]:
            dataset = hub_dataset(data, config, split)
            of_all = {"source": data, "lang": config}
            for place, row in table_rows(dataset):
                yield f"{data} {config} {place}", row, of_all, names or class_names(dataset)
    elif isinstance(data, Path):
        for place, row in file_rows(data):
            yield place, row, {"source": data.name.partition(".")[0]}, names
    elif isinstance(data, Sequence) and data and all(isinstance(item, Path) for item in data):
        for path in data:
            yield from rows_of(path, lang, split, names)
    else:
        for place, row in table_rows(data):
            yield place, row, {}, names or class_names(data)


def hub_dataset(name: str, config: str, split: str) -> Any:
    """Return a dataset by its name on the hub, or the path of a folder that holds one."""
    from datasets import load_dataset

    if not name or Path(name).suffix:
        message = f"{name!r} is taken as the name of a dataset on a hub; for a file pass pathlib.Path({name!r})"
        raise PairError(message)
    try:
        return load_dataset(DATASETS.get(name, name), config or None, split=split)
    except Exception as error:  # the library raises errors of many kinds, its own and those of the network
        message = (
            f"dataset {name!r} cannot be loaded: {error}. It is fetched from the Hugging Face hub; without a network "
            "pass a pathlib.Path or a datasets.Dataset"
        )
        raise PairError(message) from error


def class_names(data: object) -> list[str] | None:
    """Return what the numbers of a ``datasets.Dataset``'s label column mean, where its feature says so."""
    features = getattr(data, "features", None)
    column = next((name for name in COLUMNS["label"] if features and name in features), None)
    names = getattr(features[column], "names", None) if features and column else None
    return None if names is None else [label_of(name, "the feature of the label column") for name in names]


def pair_of(row: object, place: str, of_all: Mapping[str, str], names: Sequence[str] | None) -> LabelledPair:
    """Return one row as a labelled pair."""
    if isinstance(row, LabelledPair):
        return row
    if not isinstance(row, Mapping):
        message = f"{place} is {shown(row)}; a labelled pair is a mapping with premise, hypothesis and label"
        raise PairError(message)
    fields: dict[str, Any] = dict(of_all)
    for field, aliases in COLUMNS.items():
        found = next((row[name] for name in aliases if row.get(name) not in (None, "")), None)
        if found is not None:
            fields[field] = found
    for field in ("premise", "hypothesis"):
        if not isinstance(fields.get(field), str) or not fields[field].strip():
            hint = "" if field in fields else f" among {', '.join(map(repr, row))}{did_you_mean(field, map(str, row))}"
            message = f"{place} has no {field}{hint}; name the column {' or '.join(COLUMNS[field])}"
            raise PairError(message)
    fields["label"] = numbered_label(fields.get("label"), place, names)
    fields["group"] = str(fields.get("group", fields["premise"]))
    return LabelledPair(**{field: str(value) for field, value in fields.items()})


def numbered_label(value: object, place: str, names: Sequence[str] | None) -> str:
    """Return a label by its name, or by its number where the names are known."""
    if isinstance(value, int) and not isinstance(value, bool):
        if names and 0 <= value < len(names):
            return names[value]
        message = (
            f"{place} has the label {value}; say what the numbers mean, such as labels={LABELS}"
            if not names
            else f"{place} has the label {value}, which none of {list(names)} has; leave out what is not labelled"
        )
        raise PairError(message)
    return label_of(value, place)


def label_of(value: object, place: str) -> str:
    """Return one of the three labels, resolved by name."""
    label = label_named(str(value))
    if label is None:
        message = f"{place} has the label {shown(value)}{did_you_mean(str(value), LABELS)}; use one of {LABELS}"
        raise PairError(message)
    return label


def languages_of(pairs: Iterable[LabelledPair]) -> list[str]:
    """Return the languages and pairs of languages that occur."""
    return sorted({pair.languages for pair in pairs} - {""})
