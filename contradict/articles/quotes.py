"""Quotes: the spans of a paragraph that stand in quotation marks of any kind."""

from __future__ import annotations

import re

OPENING = {
    "“": '”"“',
    "«": "»",
    "„": '“”"',
    "‹": "›",
    "「": "」",
    "『": "』",
    "‘": "’",
    '"': '"”',
    "”": '”“"',
    "″": "″",
}
MARKS = {*OPENING, *"".join(OPENING.values())}
DEEPEST = 4  # quotes within quotes
LONGEST = 3_000  # a mark whose partner is farther away has none


def quoted(paragraph: str) -> list[tuple[int, int]]:
    """Return the spans between matching marks, without them, from left to right, none within another.

    A mark without a partner is no quote.
    """
    spans = []
    place = 0
    while place < len(paragraph):
        mark = paragraph[place]
        if mark not in OPENING or (mark == "‘" and inside_word(paragraph, place)):
            place += 1
            continue
        end = closing(paragraph, place, mark)
        if end is None:
            place += 1
            continue
        if end > place + 1:
            spans.append((place + 1, end))
        place = end + 1
    return spans


def unclosed(paragraph: str) -> str | None:
    """Return the mark of a quote that begins in a paragraph and does not end in it."""
    rest = paragraph[max((end for _, end in quoted(paragraph)), default=-1) + 1 :]
    return next((mark for mark in OPENING if mark in rest and re.search(rf"(?<!\w){re.escape(mark)}\w", rest)), None)


def goes_on(above: str, below: str) -> bool:
    """Say whether a line belongs to the one above it: a quote whose cue or beginning stands there."""
    mark = unclosed(above)
    if below.lstrip()[0] in OPENING:
        return mark is not None or above.rstrip().endswith((":", "："))
    first = next((character for character in below if character in MARKS), None)
    return mark is not None and first is not None and first in OPENING[mark] and first not in OPENING


def closing(paragraph: str, start: int, mark: str) -> int | None:
    """Return where the quote that opens at `start` closes; quotes of the same kind may stand within."""
    depth = 0
    partners = OPENING[mark]
    for place in range(start + 1, min(len(paragraph), start + LONGEST)):
        here = paragraph[place]
        if here in OPENING and paragraph[place - 1] == "\n":
            continue  # a quote of several paragraphs opens anew in each
        if here in partners and not (here == "’" and inside_word(paragraph, place)):
            if depth == 0:
                return place
            depth -= 1
        elif here == mark and mark not in partners:
            depth += 1
            if depth > DEEPEST:
                return None
    return None


def inside_word(paragraph: str, place: int) -> bool:
    """Say whether a mark stands between two letters, as an apostrophe does."""
    return 0 < place < len(paragraph) - 1 and paragraph[place - 1].isalnum() and paragraph[place + 1].isalnum()
