"""How well statements are found: on the formats of PolNeAR and ADAQ, and on this project's gold."""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from contradict.articles.packs import languages, pack
from contradict.articles.paragraphs import overlap
from contradict.articles.speakers import folded
from contradict.articles.statements import statements
from contradict.claim_files import file_rows
from contradict.errors import ClaimFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from contradict.articles.paragraphs import Span
    from contradict.articles.statements import Statement

logger = logging.getLogger(__name__)

WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Gold:
    """One attribution as people marked it: spans of what is said, the speaker's mention if there is one, the kind."""

    content: tuple[Span, ...]
    speaker: str | None
    kind: str


@dataclass(frozen=True)
class Attribution:
    """Figures of one group.

    Attributes
    ----------
    gold, found
        Statements that people marked, and that were found.
    precision, recall, f1
        Of content: a found statement counts if it overlaps a marked one; each counts once.
    exact_f1
        The same if all words must be the same, marks at the edges aside.
    speaker
        Share of the overlapping ones with a marked speaker that have the right one: the words of one mention are in the
        other's.
    """

    gold: int
    found: int
    precision: float | None
    recall: float | None
    f1: float | None
    exact_f1: float | None
    speaker: float | None


def evaluate_attribution(paths: Sequence[Path]) -> dict[str, dict[str, Attribution]]:
    """Measure the finding of statements.

    Parameters
    ----------
    paths
        JSON lines, one article or sentence each, in the format of PolNeAR (``attributions`` with ``content`` spans), of
        ADAQ (``tokens`` and ``tags``), or of ``fixtures/attribution_*.jsonl``.

    Returns
    -------
    dict
        By language, and in it ``all`` and by the kind that people gave (only recall and speaker are known by kind).

    Raises
    ------
    ClaimFileError
        If a row is of no known format. Rows in a language without a pack are left out, with a warning.
    """
    counts: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    skipped: Counter[str] = Counter()
    for path in paths:
        for place, row in file_rows(path):
            lang, text, gold = read_row(row, place)
            if lang not in languages():
                skipped[lang] += 1
                continue
            count(counts, lang, text, gold, statements(text, pack(lang)))
    result: dict[str, dict[str, Attribution]] = defaultdict(dict)
    for (lang, kind), of in sorted(counts.items()):
        result[lang][kind] = figures(of, known=kind == "all")
    for lang, rows in skipped.items():
        logger.warning("%d rows in %r left out: there is no language pack for it", rows, lang)
    return dict(result)


def count(
    counts: dict[tuple[str, str], dict[str, int]],
    lang: str,
    text: str,
    gold: Sequence[Gold],
    found: Sequence[Statement],
) -> None:
    """Match what was found to what was marked, one to one, and add up."""
    left = list(found)
    counts[lang, "all"]["found"] += len(found)
    for marked in gold:
        keys = [(lang, "all"), (lang, marked.kind)] if marked.kind else [(lang, "all")]
        match = best_match(marked, left, text)
        if match:
            left.remove(match)
        for key in keys:
            of = counts[key]
            of["gold"] += 1
            of["overlapping"] += match is not None
            of["exact"] += match is not None and said(text, match.content) == said(text, marked.content)
            of["with_speaker"] += match is not None and marked.speaker is not None
            of["right_speaker"] += bool(match and marked.speaker and same_speaker(text, match, marked.speaker))


def best_match(marked: Gold, found: Iterable[Statement], text: str) -> Statement | None:
    """Return the statement that shares most with a marked one, an exact one first."""
    near = [s for s in found if any(overlap(a, b) for a in s.content for b in marked.content)]
    return max(
        near, key=lambda s: (said(text, s.content) == said(text, marked.content), shared(s, marked)), default=None
    )


def shared(statement: Statement, marked: Gold) -> int:
    """Return the number of characters that two contents share."""
    return sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in statement.content for b in marked.content)


def said(text: str, content: Sequence[Span]) -> list[str]:
    """Return the words of a content."""
    return [word for span in content for word in WORD.findall(text[slice(*span)])]


def same_speaker(text: str, statement: Statement, marked: str) -> bool:
    """Say whether all words of one mention are in the other."""
    if statement.speaker is None:
        return False
    mine, theirs = ({*WORD.findall(folded(name))} for name in (text[slice(*statement.speaker)], marked))
    return bool(mine) and bool(theirs) and (mine <= theirs or theirs <= mine)


def figures(of: Mapping[str, int], *, known: bool) -> Attribution:
    """Return the figures of some counts; precision only where all that was found is known to belong to them."""

    def share(part: int, whole: int) -> float | None:
        return round(part / whole, 4) if whole else None

    both = of["gold"] + of["found"]
    return Attribution(
        of["gold"],
        of["found"],
        share(of["overlapping"], of["found"]) if known else None,
        share(of["overlapping"], of["gold"]),
        share(2 * of["overlapping"], both) if known else None,
        share(2 * of["exact"], both) if known else None,
        share(of["right_speaker"], of["with_speaker"]),
    )


def read_row(row: Any, place: str) -> tuple[str, str, list[Gold]]:
    """Return language, text and attributions of a row of any of the three formats."""
    try:
        if "statements" in row:
            marked = [
                Gold(tuple((a, b) for a, b in of["content_spans"]), of["speaker"], of["kind"])
                for of in row["statements"]
            ]
            return row["lang"], row["text"], marked
        if "attributions" in row:
            return row.get("lang", "en"), row["text"], list(polnear(row["attributions"]))
        return row["lang"], row["text"], list(adaq(row))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        message = f"{place} is in none of the formats of PolNeAR, ADAQ or fixtures/attribution_*.jsonl ({error!r})"
        raise ClaimFileError(message) from error


def polnear(attributions: Iterable[Mapping[str, Any]]) -> Iterator[Gold]:
    """Yield the attributions of an article of PolNeAR."""
    for of in attributions:
        content = tuple((a, b) for part in of["content"] for a, b in part["spans"])
        if content:
            yield Gold(content, " ".join(part["text"] for part in of["source"]) or None, "")


def adaq(row: Mapping[str, Any]) -> Iterator[Gold]:
    """Yield the one attribution of a sentence of ADAQ, if it has one."""
    place, spans = 0, []
    for token in row["tokens"]:
        start = max(
            place, row["text"].find(token, place)
        )  # a token that is spelt otherwise stands where the last ended
        place = start + len(token)
        spans.append((start, place))
    content = tuple(span for span, tag in zip(spans, row["tags"]) if tag == "content")
    source = " ".join(token for token, tag in zip(row["tokens"], row["tags"]) if tag == "source")
    if content:
        yield Gold(content, source or None, "")


def to_dict(found: Mapping[str, Mapping[str, Attribution]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return plain data."""
    return {lang: {kind: asdict(of) for kind, of in kinds.items()} for lang, kinds in found.items()}
