"""The report as one HTML page that needs nothing from outside, and as a fragment for notebooks."""

from __future__ import annotations

from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from contradict.report import Report

RIGHT_TO_LEFT = {"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}


@cache
def templates() -> Environment:
    """Return the environment of the templates, which escapes every value."""
    environment = Environment(
        loader=PackageLoader("contradict.render"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"direction": direction, "web_link": web_link}
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


def page(report: Report) -> str:
    """Return the whole page."""
    counts = {name.replace("_", " "): f"{value:,}" for name, value in asdict(report.counts).items()}
    return templates().get_template("page.html").render(report=report, counts=counts.items())


def fragment(report: Report, limit: int = 20) -> str:
    """Return the first conflicts as a fragment that carries its own style."""
    return templates().get_template("fragment.html").render(report=report, limit=limit)
