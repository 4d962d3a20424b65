"""Claims: what somebody asserts, where and when; and the reader that takes them from wherever they are.

``read_claims`` is the door: strings, dicts, tables, files and streams go in, a tuple of `Claim` comes out, and what
cannot be used is refused with its place and the way out.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import logging
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from contradict.claim_fields import (
    NO_META,
    absent,
    blank,
    checked_date,
    checked_lang,
    checked_meta,
    checked_span,
    checked_text,
    optional_text,
    short_text,
)
from contradict.claim_files import SUFFIXES, file_rows, stream_rows
from contradict.claim_rows import Columns, table_rows
from contradict.errors import ClaimError, did_you_mean, shown

__all__ = ["Claim", "read_claims", "read_claims_stream", "unique_ids"]

_logger = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True, slots=True, init=False, repr=False)
class Claim:
    """What somebody asserts: one or a few sentences, with the speaker, the place and the time.

    Immutable, hashable and picklable. Blank strings, None, NaN and NaT in any field but ``text`` mean that it is
    absent; spaces around a short field are dropped, so that ``" TASS"`` and ``"TASS"`` are one source.

    Parameters
    ----------
    text
        The claim in the words it was made in. Kept as given; not empty.
    speaker
        Who asserts it.
    source
        The document or outlet that carries it.
    date
        When it was made: a date, a datetime (a pandas Timestamp is one) or ISO 8601 text such as ``2015-10-01`` or
        ``2015-10-01T14:00:00Z``. A time zone is kept as its offset from UTC; digits past microseconds are cut.
    lang
        A language tag such as ``ar`` or ``zh-Hant``, checked by its shape only.
    id
        A name for the claim, unique in its pool. Unless given, the first 12 hex digits of the SHA-256 of text,
        speaker, source, date, lang, url and span: the same claim has the same id on every machine.
    span
        Start and end offsets of the claim in the article it is from, in characters: ``0 <= start < end``.
    context
        The text around it.
    meta
        Whatever else is known of it. Read-only; counts for equality, not for the hash or the id.
    url
        Where the document is found.

    Raises
    ------
    ClaimError
        If the text is empty, or a field has the wrong type or shape.

    Examples
    --------
    >>> claim = Claim("The strikes hit no civilians.", speaker="Sergei Lavrov", source="TASS", date="2015-10-01")
    >>> claim.date
    datetime.date(2015, 10, 1)
    >>> claim.asserter
    'Sergei Lavrov'

    """

    text: str
    speaker: str | None
    source: str | None
    date: datetime.date | None
    lang: str | None
    id: str
    span: tuple[int, int] | None
    context: str | None
    meta: Mapping[str, object] = dataclasses.field(hash=False)
    url: str | None

    # Written by hand so that the attributes are typed as what is stored (a date, a str) and not as what is accepted.
    def __init__(
        self,
        text: str,
        speaker: str | None = None,
        source: str | None = None,
        date: str | datetime.date | None = None,
        lang: str | None = None,
        id: str | None = None,
        span: Sequence[int] | None = None,
        context: str | None = None,
        meta: Mapping[str, object] | None = NO_META,
        url: str | None = None,
    ) -> None:
        put = object.__setattr__  # the way around frozen=True that dataclasses take themselves
        put(self, "text", checked_text(text))
        put(self, "speaker", short_text("speaker", speaker))
        put(self, "source", short_text("source", source))
        put(self, "date", checked_date(date))
        put(self, "lang", checked_lang(lang))
        put(self, "span", checked_span(span))
        put(self, "context", optional_text("context", context))
        put(self, "meta", checked_meta(meta))
        put(self, "url", short_text("url", url))
        put(self, "id", short_text("id", id) or _content_id(self))

    def __repr__(self) -> str:
        """Show the fields that are there, as they could be written down again."""
        return f"Claim({', '.join(f'{name}={value!r}' for name, value in self.to_dict().items())})"

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by the constructor, since the read-only mapping of ``meta`` cannot be pickled."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return type(self), tuple({**values, "meta": dict(self.meta)}.values())

    @property
    def asserter(self) -> str | None:
        """Who answers for the claim: the speaker, else the source, else nobody that is known (None).

        Reported speech belongs to the speaker, and the outlet that quotes a view does not hold it; what nobody is
        quoted for belongs to the outlet.
        """
        return self.speaker or self.source

    def to_dict(self) -> dict[str, Any]:
        """Return the claim as plain data, ready for ``json.dumps``, without the fields that are absent.

        The date becomes ISO 8601 text, the span a list. Values of ``meta`` that JSON does not know become what comes
        nearest: dates ISO text, arrays lists, NaN null, anything else its ``str``.
        """
        values: dict[str, Any] = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: _plain(value) for name, value in values.items() if value is not None and value != {}}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Claim:
        """Make the claim again that `to_dict` wrote down.

        Unlike `read_claims`, it knows the exact field names only.

        Raises
        ------
        ClaimError
            If a key is unknown, the text is missing, or a value cannot be used.

        """
        if not isinstance(data, Mapping):
            message = f"a claim should be a dict, not {shown(data)} ({type(data).__name__}); pass what to_dict() gave"
            raise ClaimError(message)
        names = [field.name for field in dataclasses.fields(cls)]
        for key in data:
            if key not in names:
                hint = did_you_mean(str(key), names)
                message = f"{key!r} is no field of a claim{hint}; put it under 'meta', or use read_claims()"
                raise ClaimError(message)
        if "text" not in data:
            message = f"no 'text' among {', '.join(map(repr, data)) or 'no keys at all'}; a claim needs its text"
            raise ClaimError(message)
        return cls(**data)


def read_claims(
    data: object, *, columns: Mapping[str, str] | None = None, skip_empty: bool = False
) -> tuple[Claim, ...]:
    """Read claims from a string, a dict, a table, a file or anything that can be iterated over.

    A str is always the text of one claim and never a path: the same call must not mean something else because a file
    of that name happens to lie about. A file is a ``pathlib.Path``.

    Parameters
    ----------
    data
        - a str, a `Claim` or a dict: one claim;
        - an iterable of these, mixed as you like, or a Series;
        - a pandas or polars DataFrame, a pyarrow Table or a ``datasets.Dataset``;
        - a ``pathlib.Path``: ``.jsonl``, ``.ndjson``, ``.json``, ``.csv``, ``.tsv`` (also with ``.gz``), ``.parquet``;
        - an open text stream, as JSON lines (see `read_claims_stream`).
    columns
        Which column holds which field, such as ``{"text": "my_column"}``. The usual names are known anyway (see
        ``contradict.claim_rows.ALIASES``), as are the nested names of a schema.org ClaimReview, whose claimant is
        ``itemReviewed.author`` and whose outer ``author`` is the fact-checker, hence the source. Columns that are
        no field of a claim go to ``meta``.
    skip_empty
        Leave out claims without a text instead of refusing them; how many is logged.

    Returns
    -------
    tuple of Claim
        In the order of the data, with ids made unique (see `unique_ids`).

    Raises
    ------
    ClaimError
        If a claim cannot be used, with its number, counted from 1, and its place.
    ClaimFileError
        If a file cannot be read as claims.
    OptionError
        If a key of ``columns`` is no field of a claim.

    Examples
    --------
    >>> [claim.speaker for claim in read_claims([{"claim": "No civilians died.", "Claimant": "Lavrov"}, "Some did."])]
    ['Lavrov', None]

    """
    if isinstance(data, os.PathLike):
        rows = file_rows(Path(os.fsdecode(data)))
    elif isinstance(data, Claim):
        rows = iter([("data", data)])
    elif callable(getattr(data, "read", None)):  # callable, since a DataFrame may have a column called "read"
        stream: Any = data
        return read_claims_stream(
            stream, str(getattr(stream, "name", "<stream>")), columns=columns, skip_empty=skip_empty
        )
    else:
        rows = table_rows(data)
    return _claims_of(rows, columns, skip_empty=skip_empty)


def read_claims_stream(
    stream: TextIO, name: str = "<stdin>", *, columns: Mapping[str, str] | None = None, skip_empty: bool = False
) -> tuple[Claim, ...]:
    """Read claims from an open text stream, such as ``sys.stdin``, as JSON lines.

    Parameters
    ----------
    stream
        Read to its end: one JSON object, or one JSON string, a line.
    name
        What error messages call it.
    columns, skip_empty
        As for `read_claims`, which also tells what is returned and raised.

    """
    return _claims_of(stream_rows(stream, name), columns, skip_empty=skip_empty)


def unique_ids(claims: Iterable[Claim], *, places: Sequence[str] | None = None) -> tuple[Claim, ...]:
    """Make the ids of a pool unique, and drop nothing.

    Of claims that are the same down to the id made from their content, the second gets ``-2`` after it, the third
    ``-3``. Which of them is the second does not depend on their order: they are ranked by context and meta, and
    where these are the same too, the claims are interchangeable.

    Parameters
    ----------
    claims
        The pool.
    places
        For each claim what an error message says of where it stands.

    Returns
    -------
    tuple of Claim
        In the same order.

    Raises
    ------
    ClaimError
        If an id that was given by hand stands twice.

    """
    pool = list(claims)
    positions: defaultdict[str, list[int]] = defaultdict(list)
    for position, claim in enumerate(pool):
        positions[claim.id].append(position)
    taken = set(positions)
    for given, twins in sorted(positions.items()):
        if len(twins) == 1:
            continue
        made = _content_id(pool[twins[0]])
        if any(_content_id(pool[twin]) != made for twin in twins) or given.partition("-")[0] != made:
            first, second = (f"{k + 1} ({places[k]})" if places else str(k + 1) for k in twins[:2])
            message = f"claims {first} and {second} both have the id {given!r}; rename one, or leave the ids out"
            raise ClaimError(message)
        twins.sort(key=lambda twin: json.dumps(pool[twin].to_dict(), sort_keys=True))
        number = 2
        for twin in twins[1:]:
            while f"{made}-{number}" in taken:
                number += 1
            taken.add(f"{made}-{number}")
            pool[twin] = dataclasses.replace(pool[twin], id=f"{made}-{number}")
    return tuple(pool)


def _claims_of(
    rows: Iterator[tuple[str, object]], columns: Mapping[str, str] | None, *, skip_empty: bool
) -> tuple[Claim, ...]:
    names = Columns(columns)
    claims: list[Claim] = []
    places: list[str] = []
    skipped = 0
    for number, (place, row) in enumerate(rows, start=1):
        try:
            claim = _claim_of(row, names)
        except ClaimError as error:
            message = f"claim {number} ({place}): {error}"
            raise ClaimError(message) from error
        if claim is not None:
            claims.append(claim)
            places.append(place)
        elif skip_empty:
            skipped += 1
        else:
            message = f"claim {number} is empty ({place}); drop it or pass skip_empty=True"
            raise ClaimError(message)
    names.check()
    if skipped:
        _logger.info("left out %d empty claims of %d", skipped, skipped + len(claims))
    return unique_ids(claims, places=places)


def _claim_of(row: object, names: Columns) -> Claim | None:
    """Return the claim of one row, or None if it has no text."""
    if isinstance(row, Claim):
        return row
    fields: dict[str, Any] = {"text": row}
    if isinstance(row, Mapping):
        fields = names.fields(row)
    elif isinstance(row, str):
        _refuse_path(row)
    elif not absent(row):
        message = f"{shown(row)} is {type(row).__name__}; a claim is a str, a dict or a Claim"
        raise ClaimError(message)
    text = fields["text"]
    if absent(text) or (isinstance(text, str) and blank(text)):
        return None
    return Claim(**fields)


def _refuse_path(text: str) -> None:
    named = text.lower().endswith(SUFFIXES) and not re.search(r"\s", text)
    if named and os.path.isfile(text):  # not Path.is_file(), which raises on a text too long for a name
        message = f"{text!r} names a file, but a str is read as the text of a claim; pass pathlib.Path({text!r})"
        raise ClaimError(message)


def _content_id(claim: Claim) -> str:
    date = claim.date and claim.date.isoformat()
    # JSON keeps the fields apart: joined plainly, "a" + "bc" and "ab" + "c" would be one claim.
    content = [claim.text, claim.speaker, claim.source, date, claim.lang, claim.url, claim.span]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    """Return the value in the terms of JSON."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if absent(value):
        return None
    if isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _plain(value.tolist()) if hasattr(value, "tolist") else str(value)  # numpy's arrays and numbers


def read_pools(
    claims: object, others: object, columns: Mapping[str, str] | None, *, skip_empty: bool
) -> list[tuple[Claim, ...]]:
    """Read one or two pools; an id may stand in both only for the same claim."""
    pools = [read_claims(data, columns=columns, skip_empty=skip_empty) for data in (claims, others) if data is not None]
    by_id: dict[str, Claim] = {}
    for claim in (claim for pool in pools for claim in pool):
        if by_id.setdefault(claim.id, claim) != claim:
            message = (
                f"two different claims have the id {claim.id!r}, one in each pool; rename one, or leave the ids out"
            )
            raise ClaimError(message)
    return pools
