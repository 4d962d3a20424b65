"""The report as one HTML page that needs nothing from outside, and as a fragment for notebooks."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import asdict
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contradict.evidence import Difference
    from contradict.judged import JudgedPair
    from contradict.report import Report

MATRIX_SPEAKERS = 40
PAIR = 2
DIFFERENCES = 4

RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}


@cache
def templates() -> Environment:
    """Return the environment of the templates, which escapes every value."""
    environment = Environment(
        loader=PackageLoader("contradict.render"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "direction": direction,
        "web_link": web_link,
        "marked": marked,
        "spans": spans,
        "differences": differences,
    }
    return environment


def direction(lang: str | None) -> str:
    """Return the writing direction of a language; ``auto`` where it is not known."""
    if lang is None:
        return "auto"
    return "rtl" if lang.partition("-")[0] in RIGHT_TO_LEFT else "ltr"


def web_link(url: str | None) -> str | None:
    """Return the URL if it is one of the web; anything else, such as ``javascript:``, is no link."""
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def marked(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """Cut a text into parts, each with whether a span covers it."""
    inside = [False] * (len(text) + 1)
    for start, end in spans:
        inside[start:end] = [True] * (min(end, len(text)) - start)
    parts = groupby(range(len(text)), key=lambda place: inside[place])
    return [("".join(text[place] for place in places), differs) for differs, places in parts]


def spans(pair: JudgedPair, side: str) -> list[tuple[int, int]]:
    """Return where the text of one side differs from the other."""
    differences = pair.evidence.differences if pair.evidence else ()
    return [span for one in differences if (span := one.a if side == "a" else one.b) and one.what != "number_fits"]


def differences(pair: JudgedPair) -> list[Difference]:
    """Return the differences to list in words: the first few, without those that a caveat tells in the same words."""
    told = {caveat.reason for caveat in pair.caveats}
    found = pair.evidence.differences if pair.evidence else ()
    return [one for one in found if one.reason not in told][:DIFFERENCES]


def matrix_of(report: Report) -> dict[str, Any] | None:
    """Return the cells of the matrix, those with most conflicts first; None where nobody is known."""
    conflicts, judged = report.matrix(), report.matrix("judged")
    totals = conflicts.sum()
    names = sorted((name for name in totals.index if totals[name]), key=lambda name: (-totals[name], name))
    shown = names[:MATRIX_SPEAKERS]
    rows = [(one, [(int(conflicts.loc[one, o]), int(judged.loc[one, o])) for o in shown]) for one in shown]
    return {"names": shown, "rows": rows, "left_out": len(names) - len(shown)} if shown else None


def filters_of(report: Report) -> dict[str, list[str]]:
    """Return what a reader may choose by, and from what: sorted lists."""
    sides = [claim for pair in report for claim in (pair.a, pair.b)]
    topics = {topic.name for pair in report if (topic := report.topic_of(pair))}
    found: dict[str, set[str | None]] = {
        "speaker": {claim.asserter for claim in sides},
        "language": {claim.lang for claim in sides},
        "kind": {pair.kind for pair in report},
        "topic": {*topics},
    }
    return {name: sorted(value for value in values if value) for name, values in found.items()}


class Places:
    """Where the values of a conflict stand in the lists of `filters_of`; empty where it has none."""

    def __init__(self, filters: dict[str, list[str]], report: Report) -> None:
        self._of = {name: {value: place for place, value in enumerate(values)} for name, values in filters.items()}
        self._report = report

    def of(self, pair: JudgedPair) -> dict[str, str]:
        """Return the places of a pair's values, one or two for each filter."""
        topic = self._report.topic_of(pair)
        values: dict[str, tuple[str | None, ...]] = {
            "speaker": (pair.a.asserter, pair.b.asserter),
            "language": (pair.a.lang, pair.b.lang),
            "kind": (pair.kind,),
            "topic": (topic.name if topic else None,),
        }
        found = {name: {self._of[name][value] for value in listed if value} for name, listed in values.items()}
        return {name: " ".join(map(str, sorted(places))) for name, places in found.items()}


def page(report: Report) -> str:
    """Return the whole page."""
    filters = filters_of(report)
    disputes = report.disputes
    wide = [dispute for dispute in disputes if len(dispute.claims) > PAIR]
    numbers = asdict(report.counts)
    numbers |= {f"excluded by {reason}": value for reason, value in numbers.pop("excluded_by").items()}
    counts = {name.replace("_", " "): f"{value:,}" for name, value in numbers.items()}
    script = templates().get_template("filter.js").render()
    return (
        templates()
        .get_template("page.html")
        .render(
            report=report,
            disputes=wide,
            of_two=len(disputes) - len(wide),
            matrix=matrix_of(report),
            filters=filters,
            places=Places(filters, report).of,
            counts=counts.items(),
            script=Markup(script),  # our own, and no value stands in it
            script_hash="sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )


def fragment(report: Report, limit: int = 20) -> str:
    """Return the first conflicts as a fragment that carries its own style."""
    return templates().get_template("fragment.html").render(report=report, limit=limit)
