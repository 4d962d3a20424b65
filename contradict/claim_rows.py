"""Tables and iterables of claims → plain rows, and the column names that tell which cell is which field of a claim.

pandas, polars, pyarrow and datasets are known by the names of their types and are never imported here: who passes
a DataFrame has pandas already.
"""

from __future__ import annotations

import json
import numbers
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from contradict.claim_fields import absent
from contradict.errors import ClaimError, OptionError, did_you_mean, shown

__all__ = ["ALIASES", "Columns", "table_rows"]

ALIASES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "claim", "claimReviewed", "claim_text", "statement", "sentence"),
    "speaker": ("speaker", "claimant", "asserter", "author"),
    "source": ("source", "publisher", "outlet", "document"),
    "date": ("date", "claim_date", "date_published", "published"),
    "lang": ("lang", "language"),
    "id": ("id",),
    "span": ("span",),
    "context": ("context",),
    "meta": ("meta",),
    "url": ("url", "link"),
}
"""For each field of a claim the column names it is known by, the preferred one first; the others go to ``meta``.
Case, spaces, hyphens and underscores do not count: ``Claim Text``, ``claimText`` and ``claim_text`` are one name."""

_KNOWN_INPUT = "a str, a Claim, a dict, an iterable of them, a DataFrame, a Dataset or a pathlib.Path"


def table_rows(data: object) -> Iterator[tuple[str, object]]:
    """Read what is in memory row by row: one row, an iterable of rows, or a table.

    Parameters
    ----------
    data
        A str or a mapping is one row. A pandas or polars DataFrame, a pyarrow Table and a ``datasets.Dataset`` give
        one mapping a row; any other iterable, a Series among them, gives its items as they are.

    Yields
    ------
    tuple of str and object
        The place of the row as the caller would write it, such as ``data[3]`` or ``data.iloc[3]``, and the row.

    Raises
    ------
    ClaimError
        If the data is of a kind that holds no rows, or is a table whose rows are not in reach.

    """
    kinds = {(kind.__module__.partition(".")[0], kind.__name__) for kind in type(data).__mro__}
    if kinds & {("datasets", "DatasetDict"), ("datasets", "IterableDatasetDict")}:
        splits: Any = data
        message = f"a {type(data).__name__} has several splits; pass one: {', '.join(f'data[{s!r}]' for s in splits)}"
        raise ClaimError(message)
    if isinstance(data, (str, Mapping)):
        return iter([("data", data)])
    if isinstance(data, (bytes, bytearray, memoryview)):
        message = f"data is {type(data).__name__}, not text: {shown(bytes(data))}; decode it, or pass a pathlib.Path"
        raise ClaimError(message)
    if ("pandas", "DataFrame") in kinds:
        return _numbered(_pandas_rows(data), "data.iloc")
    if ("pandas", "Series") in kinds:
        return _numbered(_plain_items(data), "data.iloc")
    if ("polars", "DataFrame") in kinds:
        return _numbered(_polars_rows(data))
    if kinds & {("pyarrow", "Table"), ("pyarrow", "RecordBatch")}:
        return _numbered(_arrow_rows(data))
    if ("datasets", "Dataset") in kinds:
        return _numbered(_dataset_rows(data))
    if ("polars", "LazyFrame") in kinds or hasattr(data, "columns"):
        # Iterating over a frame of an unknown kind would give its column names, and they would be read as claims.
        message = f"{type(data).__name__} is not a table that can be read; collect it, or pass a pandas DataFrame"
        raise ClaimError(message)
    try:
        return _numbered(iter(data))  # type: ignore[call-overload]
    except TypeError as error:
        message = f"data is {shown(data)} ({type(data).__name__}), which holds no claims; pass {_KNOWN_INPUT}"
        raise ClaimError(message) from error


def _numbered(rows: Iterable[object], name: str = "data") -> Iterator[tuple[str, object]]:
    return ((f"{name}[{position}]", row) for position, row in enumerate(rows))


def _pandas_rows(data: object) -> list[object]:
    frame: Any = data
    if not frame.columns.is_unique:
        twice = frame.columns[frame.columns.duplicated()][0]
        message = f"the DataFrame has two columns {twice!r}; rename one of them"
        raise ClaimError(message)
    # A named index (df.set_index("id")) is a column by another name.
    named = [name for name in frame.index.names if name is not None and name not in frame.columns]
    rows: list[object] = (frame.reset_index(level=named) if named else frame).to_dict("records")
    return rows


def _plain_items(data: object) -> list[object]:
    series: Any = data
    items: list[object] = series.tolist()
    return items


def _polars_rows(data: object) -> Iterator[object]:
    frame: Any = data
    return iter(frame.iter_rows(named=True))


def _arrow_rows(data: object) -> list[object]:
    table: Any = data
    rows: list[object] = table.to_pylist()
    return rows


def _dataset_rows(data: object) -> Iterator[object]:
    dataset: Any = data
    # By batches, which is many times faster than row by row; with_format(None) since a batch of tensors has no rows.
    for batch in dataset.with_format(None).iter(batch_size=1000):
        for cells in zip(*batch.values(), strict=True):
            yield dict(zip(batch, cells, strict=True))


class _Plan(NamedTuple):
    """What to take from the rows that have one certain set of columns."""

    fields: dict[str, object]  # field of a claim -> column
    rest: tuple[object, ...]  # the columns that go to meta


class Columns:
    """Which column of a row is which field of a claim.

    Worked out once for each set of column names that turns up, so that a long table costs little.

    Parameters
    ----------
    columns
        Field of a claim → name of its column, for columns that ``ALIASES`` does not know or gets wrong.

    Raises
    ------
    OptionError
        If a key is no field of a claim.

    """

    def __init__(self, columns: Mapping[str, str] | None = None) -> None:
        if columns is not None and not isinstance(columns, Mapping):
            message = f"columns is {shown(columns)}; pass a dict such as {{'text': 'my_column'}}"
            raise OptionError(message)
        self._given = dict(columns or {})
        self._plans: dict[tuple[object, ...], _Plan] = {}
        for field in self._given:
            if field not in ALIASES:
                hint = did_you_mean(str(field), ALIASES)
                message = f"columns has the key {field!r}, no field of a claim{hint}; use {', '.join(ALIASES)}"
                raise OptionError(message)

    def fields(self, row: Mapping[object, object]) -> dict[str, Any]:
        """Return the row as keyword arguments of `Claim`; what no field takes is in ``meta``.

        Raises
        ------
        ClaimError
            If the row has no column of text, or a cell is of a kind that its field cannot hold.

        """
        if "claimReviewed" in row:
            row = {**_of_review(row), **row}
        names = tuple(row)
        plan = self._plans.get(names)
        if plan is None:
            plan = self._plans[names] = self._plan(names)
        fields = {field: row[column] for field, column in plan.fields.items()}
        rest = {str(column): None if absent(row[column]) else row[column] for column in plan.rest}
        for field in ("speaker", "source"):
            value = fields.get(field)
            if isinstance(value, (Mapping, list)):
                rest[str(plan.fields[field])] = value
                fields[field] = _name_in(value)
        if "id" in fields:
            fields["id"] = _as_text(fields["id"])
        if "span" in fields:
            fields["span"] = _parsed_span(fields["span"])
        fields["meta"] = _merged(fields.get("meta"), rest)
        return fields

    def check(self) -> None:
        """Refuse a column that was asked for but that no row has.

        Raises
        ------
        ClaimError
            With the columns that were found.

        """
        seen = list(dict.fromkeys(chain.from_iterable(self._plans)))
        for field, column in self._given.items():
            if seen and column not in seen:
                message = f"no column {column!r} for {field}{_among(seen, [column])}; mend columns={{{field!r}: ...}}"
                raise ClaimError(message)

    def _plan(self, names: tuple[object, ...]) -> _Plan:
        fields: dict[str, object] = {field: name for field, name in self._given.items() if name in names}
        folded = {_folded(name): name for name in reversed(names) if name not in self._given.values()}
        for field, aliases in ALIASES.items():
            known = [folded[_folded(alias)] for alias in aliases if _folded(alias) in folded]
            if known and field not in self._given:
                fields[field] = known[0]
        if "text" not in fields:
            wanted = self._given.get("text")
            lacking = "no column of text" if wanted is None else f"no column {wanted!r} for text"
            near = ALIASES["text"] if wanted is None else [wanted]
            message = f"{lacking}{_among(names, near)}; pass columns={{'text': ...}}, or check for a missing header row"
            raise ClaimError(message)
        taken = set(fields.values())
        return _Plan(fields, tuple(name for name in names if name not in taken))


def _folded(name: object) -> str:
    return str(name).casefold().translate({ord(mark): None for mark in " _-"}).strip()


def _among(found: Sequence[object], wanted: Iterable[str]) -> str:
    """Say which columns there are, and the one that comes nearest to what was wanted."""
    names = [str(name) for name in found]
    hint = next(filter(None, (did_you_mean(word, names) for word in wanted)), "")
    return f" among {', '.join(map(shown, names)) or 'no columns at all'}{hint}"


def _of_review(row: Mapping[object, object]) -> dict[object, object]:
    """Read a schema.org ClaimReview: the claimant is ``itemReviewed.author``; the outer author is the fact-checker."""
    item = row.get("itemReviewed")
    claimant = _name_in(item.get("author")) if isinstance(item, Mapping) else None
    if not isinstance(item, Mapping) or claimant is None:
        return {}
    found = {"speaker": claimant, "source": _name_in(row.get("author")), "date": item.get("datePublished")}
    return {field: value for field, value in found.items() if value is not None}


def _name_in(value: object) -> object:
    """Return the name of ``{"name": "TASS"}`` or of a list with just that; anything else as it is, for `Claim`."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value.get("name") if isinstance(value, Mapping) else value


def _as_text(value: object) -> object:
    """Return a whole number as text: the ids of a table are often numbers, and floats once one of them is missing."""
    whole = isinstance(value, numbers.Integral) or (isinstance(value, float) and value.is_integer())
    return str(int(value)) if whole and not isinstance(value, bool) else value  # type: ignore[call-overload]


def _parsed_span(cell: object) -> object:
    """Return the list in the cell of a CSV file such as ``[12, 40]``; anything else as it is, for `Claim` to refuse."""
    try:
        return json.loads(cell) if isinstance(cell, str) else cell
    except ValueError:
        return cell


def _merged(meta: object, rest: dict[str, object]) -> dict[str, object]:
    """Join a column called ``meta`` with the columns that no field takes, and lose none of either."""
    if isinstance(meta, Mapping):
        inner = {str(key): value for key, value in meta.items()}
        return {**inner, **rest} if rest.keys().isdisjoint(inner) else {"meta": inner, **rest}
    return rest if absent(meta) else {"meta": meta, **rest}
