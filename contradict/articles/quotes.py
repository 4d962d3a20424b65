"""Quotes: the spans of a paragraph that stand in quotation marks of any kind."""

from __future__ import annotations

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
DEEPEST = 4  # quotes within quotes
LONGEST = 3_000  # a mark whose partner is farther away has none


def quoted(paragraph: str) -> list[tuple[int, int]]:
    """Return the spans between matching marks, without them, from left to right, none within another.

    A mark without a partner opens a quote that runs to the paragraph's end only if nothing else can be meant: it stands
    before a word, and the next paragraph is then expected to go on with it.
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


def closing(paragraph: str, start: int, mark: str) -> int | None:
    """Return where the quote that opens at `start` closes; quotes of the same kind may stand within."""
    depth = 0
    partners = OPENING[mark]
    for place in range(start + 1, min(len(paragraph), start + LONGEST)):
        here = paragraph[place]
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
