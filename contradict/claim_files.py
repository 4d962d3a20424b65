"""Files of claims: a path or an open stream → one plain row a claim, with the place it stands at.

A row is what the file holds (a mapping of columns, or a bare string), not yet a claim; its place is what an error
message says of it, such as ``file 'tass.csv', row 18``. Rows count from 1 as an editor counts lines, so the header of
a CSV file is row 1. Nothing but the standard library is imported, until a Parquet file asks for pyarrow.
"""

from __future__ import annotations

import csv
import gzip
import importlib
import io
import json
import zlib
from typing import TYPE_CHECKING, TextIO

from contradict.errors import ClaimFileError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["SUFFIXES", "file_rows", "stream_rows"]

_TEXT_SUFFIXES = (".jsonl", ".ndjson", ".json", ".csv", ".tsv")
SUFFIXES = (*_TEXT_SUFFIXES, *(f"{suffix}.gz" for suffix in _TEXT_SUFFIXES), ".parquet")
"""The endings of the files that can be read as claims."""

_WAYS_OUT = {
    ".txt": "one claim a line can be given as .jsonl or .csv; an article is for contradict.extract()",
    ".xlsx": "save it as CSV, or read it with pandas and pass the DataFrame",
    ".xls": "save it as CSV, or read it with pandas and pass the DataFrame",
}
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_FOREIGN_STARTS = (
    (_GZIP, "gzip", "rename it so that it ends in .gz"),
    (_PARQUET, "Parquet", "rename it so that it ends in .parquet"),
    (b"PK\x03\x04", "a ZIP archive (or an Excel sheet)", "unpack it, or save the sheet as CSV"),
    (b"%PDF", "PDF", "extract its text first"),
    (b"\xff\xfe", "UTF-16 text", "save it as UTF-8"),
    (b"\xfe\xff", "UTF-16 text", "save it as UTF-8"),
)
_MARKUP_STARTS = (b"<!doctype", b"<html", b"<?xml")


def file_rows(path: Path) -> Iterator[tuple[str, object]]:
    """Read a file row by row.

    Parameters
    ----------
    path
        ``.jsonl`` or ``.ndjson`` (one JSON object a line), ``.json`` (a list of objects, or an object with that list
        under ``"claims"``), ``.csv`` (separated by commas, semicolons or tabs: whichever splits the header most),
        ``.tsv``, each of them also with ``.gz``, or ``.parquet``. Text is UTF-8, with or without a byte order mark.

    Yields
    ------
    tuple of str and object
        The place of the row, and the row: for tables a dict, for JSON whatever the file holds.

    Raises
    ------
    ClaimFileError
        If the file is missing, empty, of an unknown kind, not what its name says, or broken at some row.

    """
    name = path.name.lower()
    suffix = next((ending for ending in SUFFIXES if name.endswith(ending)), None)
    where = f"file {str(path)!r}"
    if suffix is None:
        message = f"{where} cannot be read as claims; {_way_out(path)}"
        raise ClaimFileError(message)
    data = _read_bytes(path, where)
    if suffix == ".parquet":
        return _parquet_rows(data, where)
    if suffix.endswith(".gz"):
        data = _unzipped(data, where)
    kind = suffix.removesuffix(".gz")
    _refuse_foreign(data, where, kind)
    text = _decoded(data, where)
    if kind in {".csv", ".tsv"}:
        return _csv_rows(text, where, kind)
    return _json_rows(text, where) if kind == ".json" else _json_line_rows(text, where)


def stream_rows(stream: TextIO, name: str) -> Iterator[tuple[str, object]]:
    """Read an open text stream, such as ``sys.stdin``, as JSON lines; see `file_rows`."""
    try:
        text = stream.read()
    except UnicodeDecodeError as error:
        raise ClaimFileError(_broken_text(error, name)) from error
    if not isinstance(text, str):
        message = f"{name} is open in binary mode; open it in text mode with encoding='utf-8'"
        raise ClaimFileError(message)
    if not text.strip():
        message = f"{name} is empty; send one JSON object a line"
        raise ClaimFileError(message)
    return _json_line_rows(text.removeprefix("\ufeff"), name)


def _way_out(path: Path) -> str:
    ending = path.suffix.lower()
    known = f"it should end in one of {', '.join(_TEXT_SUFFIXES)} (or these with .gz), .parquet"
    return _WAYS_OUT.get(ending, f"{ending or 'no suffix'} is not known{did_you_mean(ending, SUFFIXES)}; {known}")


def _read_bytes(path: Path, where: str) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        neighbours = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
        message = f"{where} does not exist{did_you_mean(path.name, neighbours)}; check the path"
        raise ClaimFileError(message) from error
    except OSError as error:
        message = f"{where} cannot be opened: {error.strerror}; pass the path of a readable file"
        raise ClaimFileError(message) from error
    if not data.strip():
        message = f"{where} is empty; leave it out, or write it again"
        raise ClaimFileError(message)
    return data


def _unzipped(data: bytes, where: str) -> bytes:
    if not data.startswith(_GZIP):
        message = f"{where} is not gzip, though its name says so; rename it without .gz"
        raise ClaimFileError(message)
    try:
        unzipped = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        message = f"{where} is damaged gzip ({error}); fetch or write it again"
        raise ClaimFileError(message) from error
    if not unzipped.strip():
        message = f"{where} is empty once unzipped; leave it out, or write it again"
        raise ClaimFileError(message)
    return unzipped


def _refuse_foreign(data: bytes, where: str, kind: str) -> None:
    """Refuse a file that is not what its name says: a download that saved an error page is the common case."""
    foreign = next(((what, fix) for start, what, fix in _FOREIGN_STARTS if data.startswith(start)), None)
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.lower().startswith(_MARKUP_STARTS):
        foreign = ("HTML or XML", "check where it was downloaded from")
    elif kind in {".csv", ".tsv"} and _opens_json(data):
        foreign = ("JSON", "rename it so that it ends in .json or .jsonl")
    if foreign:
        what, fix = foreign
        message = f"{where} is not {kind[1:]} but {what}; {fix}"
        raise ClaimFileError(message)


def _opens_json(data: bytes) -> bool:
    first_line = data.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0].strip()
    if first_line in {b"[", b"{", b"[{"}:
        return True
    try:
        return isinstance(json.loads(first_line), (dict, list))
    except (ValueError, RecursionError):
        return False


def _decoded(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ClaimFileError(_broken_text(error, where)) from error


def _broken_text(error: UnicodeDecodeError, where: str) -> str:
    row = error.object.count(b"\n", 0, error.start) + 1
    byte = error.object[error.start]
    return f"{where}, row {row}: byte {error.start} (0x{byte:02x}) is not {error.encoding}; save it as UTF-8"


def _parsed_json(text: str, where: str, hint: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        row = f", row {error.lineno}" if "\n" in text.strip() else ""
        message = f"{where}{row}: not valid JSON ({error.msg} at column {error.colno}); {hint}"
        raise ClaimFileError(message) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets nested too deep
        message = f"{where}: not readable JSON ({error}); {hint}"
        raise ClaimFileError(message) from error


def _json_line_rows(text: str, where: str) -> Iterator[tuple[str, object]]:
    hint = "write one JSON object a line, or name a JSON list .json"
    for number, line in enumerate(text.split("\n"), start=1):  # splitlines() would also split at U+2028 in a text
        if line.strip():
            place = f"{where}, row {number}"
            yield place, _parsed_json(line, place, hint)


def _json_rows(text: str, where: str) -> Iterator[tuple[str, object]]:
    whole = _parsed_json(text, where, "mend it, or name JSON lines .jsonl")
    rows = whole.get("claims") if isinstance(whole, dict) else whole
    if not isinstance(rows, list):
        found = f"an object with the keys {', '.join(map(repr, whole))}" if isinstance(whole, dict) else repr(whole)
        message = f"{where} holds {found}; it should be a list of objects, or have that list under 'claims'"
        raise ClaimFileError(message)
    for number, row in enumerate(rows, start=1):
        yield f"{where}, item {number}", row


def _csv_rows(text: str, where: str, kind: str) -> Iterator[tuple[str, object]]:
    delimiter = "\t" if kind == ".tsv" else _delimiter(text)
    # Strict, since otherwise a quote that is never closed swallows the rest of the file without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    while True:
        place = f"{where}, row {reader.line_num + 1}"
        try:
            cells = next(reader, None)
        except csv.Error as error:
            message = f"{place}: {error}; double every quote inside a quoted field, and close it"
            raise ClaimFileError(message) from error
        if cells is None:
            return
        if not cells:
            continue
        if not header:
            header = _header(cells, place)
            continue
        if len(cells) > len(header):
            message = f"{place} has {len(cells)} fields, the header {len(header)}; quote fields that hold {delimiter!r}"
            raise ClaimFileError(message)
        yield place, dict(zip(header, cells, strict=False))  # a short row leaves its last columns out


def _delimiter(text: str) -> str:
    header = text.lstrip().splitlines()[0]
    return max(",;\t", key=lambda mark: len(next(csv.reader([header], delimiter=mark))))


def _header(cells: list[str], place: str) -> list[str]:
    header = [cell.strip() or f"column {number}" for number, cell in enumerate(cells, start=1)]
    twice = next((name for name in header if header.count(name) > 1), None)
    if twice is not None:
        message = f"{place}: the column {twice!r} appears twice; rename one of them"
        raise ClaimFileError(message)
    return header


def _parquet_rows(data: bytes, where: str) -> Iterator[tuple[str, object]]:
    if not (data.startswith(_PARQUET) and data.endswith(_PARQUET)):
        message = f"{where} is not Parquet, though its name says so, or was cut short; fetch or write it again"
        raise ClaimFileError(message)
    try:
        pyarrow = importlib.import_module("pyarrow")
        parquet = importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        message = f"{where} needs pyarrow to be read; run: pip install pyarrow"
        raise ClaimFileError(message) from error
    try:
        rows = parquet.read_table(io.BytesIO(data)).to_pylist()
    except (pyarrow.ArrowException, OSError) as error:
        message = f"{where} is damaged Parquet ({error}); fetch or write it again"
        raise ClaimFileError(message) from error
    for number, row in enumerate(rows, start=1):
        yield f"{where}, row {number}", row
