"""The fields of a claim: what each may hold, and the one form in which it is kept.

Each function takes what a caller or a table has and returns what `Claim` stores, or raises ``ClaimError``.
"""

from __future__ import annotations

import datetime
import numbers
import operator
import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

from contradict.errors import ClaimError, shown

__all__ = [
    "NO_META",
    "absent",
    "blank",
    "checked_date",
    "checked_lang",
    "checked_meta",
    "checked_span",
    "checked_text",
    "optional_text",
    "short_text",
]

NO_META: Mapping[str, object] = MappingProxyType({})
"""The meta of a claim of which nothing else is known."""

_LANG = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{1,8})*)")
_ISO_DATE = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt ]([0-9]{2}:[0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?"
    r"\s?([Zz]|[+-][0-9]{2}(?::?[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{6})?)?)?)?)?"
)


def absent(value: object) -> bool:
    """Whether a cell holds nothing: None, NaN, or the NaT and NA of pandas."""
    if value is None:
        return True
    if isinstance(value, str):
        return False
    if isinstance(value, numbers.Real):
        return bool(value != value)  # only NaN differs from itself
    return type(value).__name__ in {"NaTType", "NAType"}


def blank(text: str) -> bool:
    """Whether a text shows nothing: only spaces, and marks without a shape such as those of direction."""
    return all(character.isspace() or unicodedata.category(character) == "Cf" for character in text)


def checked_text(text: object) -> str:
    """Return the text as given, if it is a str that says something."""
    if not isinstance(text, str):
        message = f"text is {shown(text)} ({type(text).__name__}), not a str; pass the words of the claim"
        raise ClaimError(message)
    if blank(text):
        message = f"text is {shown(text)}, which is empty; a claim needs its text"
        raise ClaimError(message)
    return _clean("text", text)


def optional_text(field: str, value: object) -> str | None:
    """Return the text as given, or None if there is none."""
    if absent(value):
        return None
    if not isinstance(value, str):
        message = f"{field} is {shown(value)} ({type(value).__name__}), not a str; pass text or None"
        raise ClaimError(message)
    return _clean(field, value) if value.strip() else None


def short_text(field: str, value: object) -> str | None:
    """Return a name, link or id without the spaces around it, or None if there is none."""
    text = optional_text(field, value)
    return text and text.strip()


def _clean(field: str, text: str) -> str:
    """Refuse what no UTF-8 text holds; return an exact str (numpy's strings are a subclass)."""
    if "\0" in text:
        message = f"{field} holds a NUL at character {text.index(chr(0))}: {shown(text)}; remove it"
        raise ClaimError(message)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        where = f"at character {error.start}: {shown(text)}"
        message = f"{field} holds half a surrogate pair {where}; decode its source again, as UTF-8 or UTF-16"
        raise ClaimError(message) from error
    return str.__str__(text)


def checked_date(date: object) -> datetime.date | None:
    """Return a date or a datetime, whose time zone is kept as its offset from UTC, or None if there is none."""
    if absent(date) or (isinstance(date, str) and not date.strip()):
        return None
    if isinstance(date, str):
        date = _parsed_date(date.strip())
    if isinstance(date, datetime.datetime):
        offset = date.utcoffset()
        zone = None if offset is None else datetime.timezone(offset)
        # Built anew, so that neither a pandas Timestamp nor a zone that JSON cannot name is kept.
        return datetime.datetime.combine(date.date(), date.time(), zone)
    if isinstance(date, datetime.date):
        return date
    message = f"date is {shown(date)} ({type(date).__name__}); pass a date, a datetime or text such as '2015-10-01'"
    raise ClaimError(message)


def _parsed_date(text: str) -> datetime.date:
    """Parse ISO 8601; on Python 3.10 ``fromisoformat`` knows neither Z nor fractions of any length."""
    match = _ISO_DATE.fullmatch(text)
    reason = "its form is not YYYY-MM-DD"
    try:
        if match is not None:
            day, minutes, seconds, fraction, zone = match.groups(default="")
            if not minutes:
                return datetime.date.fromisoformat(day)
            time = f"{minutes}:{seconds or '00'}.{fraction[:6]:0<6}"
            return datetime.datetime.fromisoformat(f"{day}T{time}{_long_offset(zone)}")
    except ValueError as error:  # no such day or hour
        reason = str(error)
    message = f"date {shown(text)} is not ISO 8601 ({reason}); write it as '2015-10-01' or '2015-10-01T14:00:00Z'"
    raise ClaimError(message)


def _long_offset(zone: str) -> str:
    if zone in {"Z", "z"}:
        return "+00:00"
    if len(zone) == 3:  # +03
        return f"{zone}:00"
    return f"{zone[:3]}:{zone[3:]}" if len(zone) == 5 else zone  # +0300


def checked_lang(lang: object) -> str | None:
    """Return the language tag with its first part in lower case, or None if there is none."""
    text = short_text("lang", lang)
    if text is None:
        return None
    match = _LANG.fullmatch(text.replace("_", "-"))
    if match is None:
        message = f"lang {shown(text)} is not a language tag; write it as 'ar' or 'zh-Hant'"
        raise ClaimError(message)
    return match[1].lower() + match[2]


def checked_span(span: object) -> tuple[int, int] | None:
    """Return the start and end offsets, ``0 <= start < end``, or None if there are none."""
    if absent(span) or (isinstance(span, str) and not span.strip()):
        return None
    try:
        offsets = list(span)  # type: ignore[call-overload]
        start, end = map(operator.index, offsets)
    except (TypeError, ValueError):  # not a sequence, not two, not whole numbers
        start = end = -1
    if not 0 <= start < end or bool in map(type, offsets):
        message = f"span is {shown(span)}; pass (start, end), two whole numbers with 0 <= start < end"
        raise ClaimError(message)
    return start, end


def checked_meta(meta: object) -> Mapping[str, object]:
    """Return a read-only copy."""
    if absent(meta):
        return NO_META
    if not isinstance(meta, Mapping) or not all(isinstance(key, str) for key in meta):
        message = f"meta is {shown(meta)}; pass a dict whose keys are str"
        raise ClaimError(message)
    return MappingProxyType(dict(meta)) if meta else NO_META
