"""The days and times of day that a text names, each with where it stands.

A day is written ``MM-DD``, or ``YYYY-MM-DD`` where its year is known; a weekday nobody dated, ``weekday 0``. The
commonest languages have tables; other months, and "three days ago" in all, are told by dateparser, which is
loaded only when a text has something for it to tell.
"""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
from typing import TYPE_CHECKING

from contradict.evidence.wordlists import Named, Span, named, pattern, tables, token_value

if TYPE_CHECKING:
    from collections.abc import Iterable

TABLED = frozenset({"en", "ru", "ar", "fr", "es", "de", "tr", "uk", "zh", "ja", "ko"})  # their months are known without
YEAR, FULL = len("2015"), len("2015-09-30")
_DIGITS = r"(?<!\d)(\d{1,2})"
_ISO = re.compile(
    r"\b(?P<y>\d{4})\s*[-/]\s*(?P<m>\d\d)\s*[-/]\s*(?P<d>\d\d)\b"
    r"|\b(?P<d2>\d{1,2})\s*[./]\s*(?P<m2>\d{1,2})\s*[./]\s*(?P<y2>\d{4})\b"
    r"|(?:(?P<y3>\d{4})\s*[年년]\s*)?(?P<m3>\d{1,2})\s*[月월]\s*(?P<d3>\d{1,2})\s*[日일]"
)
_CLOCK = re.compile(
    r"\b(\d{1,2})\s?:\s?(\d\d)(?:\s?:\s?\d\d)?\s*([ap]\.?m\b)?|\b(\d{1,2})\s*([ap]\.?m\b)", re.IGNORECASE
)
_OTHER_MONTH = re.compile(
    rf"{_DIGITS}(?:\.|º)?\s*(tháng \d{{1,2}}(?!\d)|(?:de )?[^\W\d_][\w\u0300-\u036f\u0900-\u0e7f.]*)", re.IGNORECASE
)


def read_days(text: str, said: datetime.date | None, code: str) -> tuple[list[Named], list[Span]]:
    """Return the days of a text, and what their digits take of it.

    Parameters
    ----------
    text
        Of a claim.
    said
        The day it was said on, by which "yesterday" and weekdays are dated.
    code
        Of its language.
    """
    days: list[Named] = []
    taken = [found.span() for found in _CLOCK.finditer(text)]
    for found in _ISO.finditer(text):
        year, month, day = (next(found[f"{part}{of}"] for of in ("", "2", "3") if found[f"d{of}"]) for part in "ymd")
        days.append(Named(found.span(), written(month, day, year)))
        taken.append(found.span())
    for name in [*named(text, "month"), *other_months(text, code, taken)]:
        start, end = name.span
        before, after = re.search(rf"{_DIGITS}(?:st|nd|rd|th|-го|\.)?(?:\s+(?:of|de))?[\s/]*$", text[:start]), None
        after = None if before else re.match(r"\s+(\d{1,2})(?!\d)", text[end:])
        if before:
            start = before.start()
        elif after:
            end += after.end()
        year_after = re.match(r"(?:/\w+)?(?:\s+الأول|\s+الثاني)?,?\s+(?:de\s+)?(\d{4})(?!\d)", text[end:])
        digits = before or after
        if digits:
            days.append(Named((start, end), written(name.value, digits[1], year_after[1] if year_after else None)))
        if digits or year_after:
            taken.append((start, end + (year_after.end() if year_after else 0)))
    days += [
        Named(week.span, resolved(said, weekday=int(week.value)) or f"weekday {week.value}")
        for week in named(text, "weekday")
    ]
    if said is not None:
        tables_of = ("relative", f"relative_{code}") if f"relative_{code}" in tables() else ("relative",)
        relative = [word for table in tables_of for word in named(text, table)]
        for word in relative:
            start, end = word.span
            if not any(one.span != word.span and one.span[0] <= start and end <= one.span[1] for one in relative):
                meant = said + datetime.timedelta(days=int(word.value))
                days.append(Named(word.span, meant.isoformat()[:10]))
        ago = [
            Named(found.span(), day)
            for found in pattern("ago").finditer(text)
            if (day := days_ago(found[0], said, code))
        ]
        days += ago
        taken += [one.span for one in ago]
    years = [Named(found.span(), found[0]) for found in re.finditer(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)]
    taken += [one.span for one in years]
    if not days:
        days = [one for one in years if in_year(text, one.span)]
    return sorted(days, key=lambda one: one.span), taken


def in_year(text: str, span: Span) -> bool:
    """Say whether a number from 1900 to 2099 stands as a year: "in 2014", "2014 году"."""
    before, after = text[max(0, span[0] - 12) : span[0]], text[span[1] : span[1] + 8]
    return any(found.end() >= len(before.rstrip()) for found in pattern("year", "before").finditer(before)) or bool(
        pattern("year", "after").match(after.lstrip())
    )


def written(month: str, day: str, year: str | None) -> str:
    """Return a day as it is compared."""
    return f"{int(year):04}-{int(month):02}-{int(day):02}" if year else f"{int(month):02}-{int(day):02}"


def shown(day: str) -> str:
    """Return a day for a reader: "30 September 2015", "Monday"."""
    if day.startswith("weekday"):
        return next(iter(tables()["weekday"][day[-1]].split(","))).title()
    if len(day) == YEAR:
        return day
    *year, month, date = day.split("-")
    name = tables()["month"].get(str(int(month)), month).split(",")[0].title()
    return " ".join([str(int(date)), name, *year])


def in_common(ours: Iterable[Named], theirs: Iterable[Named]) -> set[str]:
    """Return the days of one text that stand in the other too; without a year, a day is that of any year.

    A year alone is all its days. Weekdays count only where one of the texts has nothing better.
    """
    ours, theirs = [*ours], [*theirs]
    dated = [[one for one in side if "-" in one.value] for side in (ours, theirs)]
    if all(dated):
        ours, theirs = dated
    found = set()
    for one in ours:
        for other in theirs:
            short, long = sorted((one.value, other.value), key=len)
            if long.endswith(short) or (len(short) == YEAR and (long.startswith(short) or YEAR < len(long) < FULL)):
                found.add(long)
    return found


def resolved(said: datetime.date | None, *, weekday: int) -> str | None:
    """Return the last such weekday up to the day of a claim, or None if that is not known."""
    if said is None:
        return None
    return (said - datetime.timedelta(days=(said.weekday() - weekday) % 7)).isoformat()[:10]


def read_times(text: str) -> list[Named]:
    """Return the times of day, as HH:MM."""
    found = []
    for clock in _CLOCK.finditer(text):
        hour, minute, half = int(clock[1] or clock[4]), int(clock[2] or 0), (clock[3] or clock[5] or "")[:1].lower()
        hour = hour % 12 + 12 * (half == "p") if half else hour
        if hour < 24 and minute < 60:
            found.append(Named(clock.span(), f"{hour:02}:{minute:02}"))
    return found


def other_months(text: str, code: str, taken: list[Span]) -> list[Named]:
    """Return the months behind a number, in a language whose months are not in the table."""
    if code in TABLED:
        return []
    found = []
    for name in _OTHER_MONTH.finditer(text):
        month = (
            None if any(low < name.end() and name.start() < high for low, high in taken) else month_of(name[2], code)
        )
        if month:
            found.append(Named(name.span(2), str(month)))
    return found


@functools.lru_cache(maxsize=16_384)
def month_of(word: str, code: str) -> int | None:
    """Return the month that a word names, if dateparser reads it as one behind any number, whatever day it is today."""
    import dateparser

    found = [
        dateparser.parse(
            f"{day} {word}", languages=[code], settings={"RELATIVE_BASE": datetime.datetime(2015, base, 28)}
        )
        for day, base in ((14, 6), (15, 10))
    ]
    first, second = found
    if first and second and first.month == second.month and (first.day, second.day) == (14, 15):
        return int(first.month)
    return None


@functools.lru_cache(maxsize=16_384)
def days_ago(phrase: str, said: datetime.date, code: str) -> str | None:
    """Return the day that "three days ago" means, as dateparser reads it."""
    import dateparser

    words = (
        str(int(value)) if not word.isdigit() and (value := token_value(word, code)) else word
        for word in phrase.split()
    )
    base = datetime.datetime(said.year, said.month, said.day)
    plain = "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in " ".join(words))
    found = dateparser.parse(plain, languages=[code], settings={"RELATIVE_BASE": base})
    return found.date().isoformat() if found else None
