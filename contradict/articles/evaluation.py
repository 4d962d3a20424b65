"""How well statements are found: on the formats of PolNeAR and ADAQ, and on this project's gold."""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from contradict.articles.packs import languages, pack
from contradict.articles.paragraphs import overlap
from contradict.articles.quotes import quoted
from contradict.articles.speakers import folded, resolved
from contradict.articles.statements import statements
from contradict.articles.wording import worded
from contradict.claim_files import file_rows
from contradict.errors import ClaimFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from contradict.articles.packs import Pack
    from contradict.articles.paragraphs import Span
    from contradict.articles.statements import Statement

logger = logging.getLogger(__name__)

WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Gold:
    """One attribution as people marked it: spans of what is said, the speaker's mention if there is one, the kind.

    The speaker's full name and the stance are known in ``fixtures/attribution_*.jsonl`` alone.
    """

    content: tuple[Span, ...]
    speaker: str | None
    kind: str
    resolved: str | None = None
    stance: str | None = None


@dataclass(frozen=True)
class Found:
    """A statement that was found, the speaker that it is resolved to, and the stance of its claim."""

    statement: Statement
    resolved: str | None
    stance: str


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
        The same if all words must be the same, marks at the edges aside; None of a kind.
    speaker
        Share of the overlapping ones with a marked speaker that have the right one: the words of one mention are in the
        other's.
    resolved
        The same of the speaker's full name, of those whose mention is another ("he", "the minister"); None where the
        format has no full names.
    stance
        Share of the overlapping ones that have the marked stance; None where the format has none.
    """

    gold: int
    found: int
    precision: float | None
    recall: float | None
    f1: float | None
    exact_f1: float | None
    speaker: float | None
    resolved: float | None
    stance: float | None


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
        By language, and in it ``all`` and by kind. A marked statement is of the kind that people gave, or, in PolNeAR
        and ADAQ, which have none: direct if all of it stands in quote marks, mixed if some does, else indirect. The
        precision of a kind is that of the statements found as such, its recall that of those marked as such; beliefs
        are told apart in our own format alone, elsewhere they count as indirect.

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
            count(counts, lang, text, gold, found_in(text, pack(lang)))
    result: dict[str, dict[str, Attribution]] = defaultdict(dict)
    for (lang, kind), of in sorted(counts.items()):
        result[lang][kind] = figures(of, whole=kind == "all")
    for lang, rows in skipped.items():
        logger.warning("%d rows in %r left out: there is no language pack for it", rows, lang)
    return dict(result)


def found_in(text: str, of: Pack) -> list[Found]:
    """Return the statements of a text with what their claims say of them."""
    found = statements(text, of)
    who = resolved(text, found, of)
    return [Found(one, by.name, worded(text, one, by, of)[1]) for one, by in zip(found, who)]


def count(
    counts: dict[tuple[str, str], dict[str, int]],
    lang: str,
    text: str,
    gold: Sequence[Gold],
    found: Sequence[Found],
) -> None:
    """Match what was found to what was marked, one to one, and add up."""
    left = {one.statement: one for one in found}
    beliefs = any(marked.kind == "belief" for marked in gold) or all(marked.stance for marked in gold)
    for marked in gold:
        match = best_match(marked, left, text)
        one = left.pop(match) if match else None
        for key in ((lang, "all"), (lang, marked.kind)):
            of = counts[key]
            of["gold"] += 1
            if one is None:
                continue
            of["overlapping"] += 1
            of["exact"] += said(text, one.statement.content) == said(text, marked.content)
            mention = None if one.statement.speaker is None else text[slice(*one.statement.speaker)]
            if marked.speaker is not None:
                of["with_speaker"] += 1
                of["right_speaker"] += same_speaker(mention, marked.speaker)
                if marked.resolved is not None and not same_speaker(marked.speaker, marked.resolved):
                    of["with_resolved"] += 1
                    of["right_resolved"] += same_speaker(one.resolved, marked.resolved)
            if marked.stance is not None:
                of["with_stance"] += 1
                of["right_stance"] += one.stance == marked.stance
    for one in found:
        kind = "indirect" if one.statement.kind == "belief" and not beliefs else one.statement.kind
        for key in ((lang, "all"), (lang, kind)):
            counts[key]["found"] += 1
            counts[key]["right"] += one.statement not in left


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


def same_speaker(mine: str | None, marked: str) -> bool:
    """Say whether all words of one mention are in the other."""
    if mine is None:
        return False
    ours, theirs = ({*WORD.findall(folded(name))} for name in (mine, marked))
    return bool(ours) and bool(theirs) and (ours <= theirs or theirs <= ours)


def figures(of: Mapping[str, int], *, whole: bool) -> Attribution:
    """Return the figures of some counts; that of the same words only where marked and found are of all kinds."""

    def share(part: str, whole: str) -> float | None:
        return round(of[part] / of[whole], 4) if of[whole] else None

    def harmonic(precision: float, recall: float) -> float:
        return round(2 * precision * recall / (precision + recall), 4) if precision + recall else 0.0

    both = bool(of["gold"] and of["found"])
    return Attribution(
        of["gold"],
        of["found"],
        share("right", "found"),
        share("overlapping", "gold"),
        harmonic(of["right"] / of["found"], of["overlapping"] / of["gold"]) if both else None,
        round(2 * of["exact"] / (of["gold"] + of["found"]), 4) if both and whole else None,
        share("right_speaker", "with_speaker"),
        share("right_resolved", "with_resolved"),
        share("right_stance", "with_stance"),
    )


def read_row(row: Any, place: str) -> tuple[str, str, list[Gold]]:
    """Return language, text and attributions of a row of any of the three formats."""
    try:
        if "statements" in row:
            marked = [
                Gold(
                    tuple((a, b) for a, b in of["content_spans"]),
                    of["speaker"],
                    of["kind"],
                    of["resolved"],
                    of["stance"],
                )
                for of in row["statements"]
            ]
            return row["lang"], row["text"], marked
        if "attributions" in row:
            return row.get("lang", "en"), row["text"], list(polnear(row["text"], row["attributions"]))
        return row["lang"], row["text"], list(adaq(row))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        message = f"{place} is in none of the formats of PolNeAR, ADAQ or fixtures/attribution_*.jsonl ({error!r})"
        raise ClaimFileError(message) from error


def kind_of(text: str, content: Sequence[Span]) -> str:
    """Return the kind of a content by its quote marks: all in them, some, or none."""
    inside = {place for span in quotes_near(text, content) for place in range(*span)}
    spoken = [place for span in content for place in range(*span) if text[place].isalnum()]
    quoted_part = sum(place in inside for place in spoken)
    return "direct" if spoken and quoted_part == len(spoken) else "mixed" if quoted_part else "indirect"


def quotes_near(text: str, content: Sequence[Span]) -> list[Span]:
    """Return the quotes of the lines that a content stands in, by their places in the text."""
    start = text.rfind("\n", 0, content[0][0]) + 1
    end = text.find("\n", content[-1][1])
    line = text[start : end if end >= 0 else None]
    return [(first + start, last + start) for first, last in quoted(line)]


def polnear(text: str, attributions: Iterable[Mapping[str, Any]]) -> Iterator[Gold]:
    """Yield the attributions of an article of PolNeAR."""
    for of in attributions:
        content = tuple((a, b) for part in of["content"] for a, b in part["spans"])
        if content:
            source = " ".join(part["text"] for part in of["source"]) or None
            yield Gold(content, source, kind_of(text, content))


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
        yield Gold(content, source or None, kind_of(row["text"], content))


def to_dict(found: Mapping[str, Mapping[str, Attribution]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Return plain data."""
    return {lang: {kind: asdict(of) for kind, of in kinds.items()} for lang, kinds in found.items()}
