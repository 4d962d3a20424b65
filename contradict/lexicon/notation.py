"""The notation of the word lists, and how its lists, lines and groups are read.

A file is written to be read and mended by hand. Its notation:

- a **term** is a word or a few. Its inflected forms are ``stem|ending ending ...`` (``-`` is no ending, ``~`` no form)
  or ``stem:name``, where ``name`` is a row of the table ``[paradigms]``. Two terms are swapped column by column, so the
  rows of one group have the same columns (case, tense, gender and definiteness ...). A form that stands in several
  columns is swapped only for a term which has one form in all of these;
- a **group** is what its rule may swap: terms with commas between them. Where the value has `` / `` in it, each line is
  a group of its own, with its terms between slashes; ``this > that`` is a line that goes one way only;
- ``children < parent`` is a line of ``[hypernym]``; ``word = 7`` gives the value of a number word;
- ``[grammar]`` has the words that turn a context around (negators, hedges, bounds; ``{}`` is a number there), ``fixed``
  names, of which no part is swapped, the words that leave ``room`` for another claim of the kind beside this one, and
  what is not swapped as the first word of a claim (``not_first``), only after certain words (``names``,
  ``named_after``) or only where something ``happened`` (a regular expression);
- ``[[rewrite]]`` has what no list can say: a regular expression, and what to put for what it finds.

Two terms that are synonyms, or of which one is the more general, are never swapped as if they excluded each other.
"""

from __future__ import annotations

import re

__all__ = ["groups", "lines", "listed"]


def groups(value: str) -> list[tuple[list[str], bool]]:
    """Return the groups of a table's value, each with whether only its first term is replaced."""
    if " / " not in value and " > " not in value:
        return [(listed(value), False)]
    return [([term.strip() for term in re.split(" [/>] ", line)], " > " in line) for line in lines(value)]


def lines(value: str) -> list[str]:
    """Return the lines that say something."""
    return [line.strip() for line in value.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def listed(value: str) -> list[str]:
    """Return what stands between commas and line ends."""
    return [term.strip() for line in lines(value) for term in line.split(",") if term.strip()]
