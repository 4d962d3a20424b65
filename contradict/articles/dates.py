"""Dates: the days that a text names, by the calendar ("on Wednesday" in an article of 1 October 2015: 30 September).

A pack says what names of days look like; dateparser says which day they are.
"""

from __future__ import annotations

import datetime
import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from contradict.articles.packs import pack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contradict.articles.packs import Pack
    from contradict.articles.statements import Statement

HALF_A_YEAR = datetime.timedelta(days=183)
FARTHEST = 60  # characters between a verb of saying and the day of it
OPENING = 25  # characters of a sentence in which the day of all that it tells may stand
NUMERIC = r"(?<![\w.-])(?:\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{4})(?![\w-])"


def days_in(text: str, of: Pack, said: datetime.date) -> dict[str, datetime.date]:
    """Return the days that a text names, as it names them and by the calendar, in its order.

    A weekday is the last one up to the day of saying, or the next one where the text speaks of what is to come; a day
    without a year is the nearest. What cannot be told is left out.

    Parameters
    ----------
    text
        A claim, or the words around it.
    of
        Its language.
    said
        The day that it was said or published.
    """
    coming = bool(of.expression("future").search(text))
    found: dict[str, datetime.date] = {}
    for name in names_of_days(of.lang).finditer(text):
        kind = str(name.lastgroup)
        day = None if kind == "none" else day_meant(name[kind].casefold(), kind, of.lang, said, coming)
        if day:
            found.setdefault(name[kind], day)
    return found


def day_said(text: str, statement: Statement, of: Pack, published: datetime.date) -> datetime.date:
    """Return when something was said: the day that stands with the verb of saying, else that of the article.

    A day with the verb stands between it and what is said ("said on Monday that"), behind both ("..., he said on
    Monday"), or opens the sentence ("On Monday the mayor said"). Of what is to come, none is the day of saying.
    """
    cue, speaker = statement.cue, statement.speaker
    if cue is None:
        return published
    content = statement.content
    first = min(span[0] for span in (cue, speaker, *content) if span)
    after = max(span[1] for span in (cue, speaker) if span)
    behind = [span[0] for span in content if span[0] >= cue[1]]
    stop = min(behind, default=after + FARTHEST)
    opening = re.split(r"[\n.!?؟。]\s*", text[max(0, first - FARTHEST) : first])[-1][:OPENING]
    around = (text[cue[1] : stop].partition("\n")[0][: 2 * FARTHEST], "" if content[0][0] == first else opening)
    for stretch in around:
        days = [day for day in days_in(stretch, of, published).values() if day <= published]
        if days:
            return days[0]
    return published


@cache
def names_of_days(lang: str) -> re.Pattern[str]:
    """Return the pattern of what names a day in a language; by group what can be none, a weekday, a day, a date."""
    of = pack(lang)
    free = of.writes_spaces

    months = of.either("months") or "(?!)"
    year = r"(?:\s*/\s*[^\W\d]+)?(?:,?\s+(?:de\s+)?\d{4}(?!\d))?"  # behind a second name of the month
    day_first = rf"\d{{1,2}}(?:st|nd|rd|th|\.|º|er)?\s+(?:of\s+|de\s+)?(?:{months}){year}"
    month_first = rf"(?:{months})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d){year}"
    kinds = {
        "none": of.either("not_days") or "(?!)",
        "date": f"{day_first}|{month_first}|{NUMERIC}",
        "weekday": of.either("weekdays") or "(?!)",
        "day": of.either("days") or "(?!)",
    }
    named = "|".join(f"(?P<{kind}>{form})" for kind, form in kinds.items())
    return re.compile(rf"(?<!\w){of.day_prefix}(?:{named})(?!\w)" if free else named, re.IGNORECASE)


@lru_cache(maxsize=10_000)
def day_meant(name: str, kind: str, lang: str, said: datetime.date, coming: bool) -> datetime.date | None:  # noqa: FBT001
    """Return the day that a name means, or None if dateparser cannot tell."""
    import dateparser

    of = pack(lang)
    plain = " ".join(name.split())
    if kind == "date":
        plain = re.sub(r"\s*/\s*[^\W\d]+", "", plain)
    for word, common in of.other_days.items():
        plain = plain.replace(word.casefold(), common)
    # A weekday is counted from the next day, or the one before, so that the day of saying is one of those it can mean.
    shift = 0 if kind != "weekday" else -1 if coming else 1
    base = datetime.datetime.combine(said + datetime.timedelta(days=shift), datetime.time())
    prefer = "current_period" if kind == "date" else "future" if coming else "past"
    settings = {"RELATIVE_BASE": base, "PREFER_DATES_FROM": prefer, "DATE_ORDER": "DMY"}
    found = dateparser.parse(plain, languages=[lang], settings=settings)
    if found is None:
        return None
    day = found.date()
    if kind == "date" and not re.search(r"\d{4}", plain):
        return nearest(day, said)
    return day


def nearest(day: datetime.date, said: datetime.date) -> datetime.date:
    """Return a day of the year in which it lies nearest to another."""
    years: Sequence[int] = (said.year, said.year - 1, said.year + 1)
    for year in years:
        try:
            of_year = day.replace(year=year)
        except ValueError:  # 29 February
            continue
        if abs(of_year - said) <= HALF_A_YEAR:
            return of_year
    return day
