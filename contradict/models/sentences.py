"""Cut a text that is too long for a model into parts at the ends of sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def split_sentences(text: str, fits: Callable[[str], bool], *, together: bool = True) -> list[str]:
    """Return the text, or if it does not fit, parts that do: as many whole sentences each as fit, or one each.

    A sentence that does not fit is cut between words, and a word that does not fit in the middle.

    Parameters
    ----------
    text
        Any text.
    fits
        Says whether a part is short enough; must be true of any part of a part that fits.
    together
        Whether short sentences share a part.
    """
    if fits(text):
        return [text]
    from sentencex import segment

    parts: list[str] = []
    for sentence in segment("en", text):
        for piece in [sentence] if fits(sentence) else halves(sentence, fits):
            if together and parts and fits(parts[-1] + piece):
                parts[-1] += piece
            else:
                parts.append(piece)
    return [part for part in parts if part.strip()]


def halves(sentence: str, fits: Callable[[str], bool]) -> list[str]:
    """Halve a text, between words where it has any, until each piece fits."""
    if fits(sentence) or len(sentence) < 2:
        return [sentence]
    middle = len(sentence) // 2
    space = sentence.rfind(" ", 1, middle + 1)
    cut = space if space > 0 else middle
    return halves(sentence[:cut], fits) + halves(sentence[cut:], fits)
