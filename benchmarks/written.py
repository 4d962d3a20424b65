"""Read the claims that were written for training: events on which sources differ, rumours with headlines, plain pairs.

The format stands in benchmarks/written/README.md. A fifth of the events, and a tenth of the rest, is never trained on.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, permutations
from pathlib import Path

from contradict.labelled import LabelledPair

FOLDER = Path(__file__).with_name("written")
LABEL_OF = {"E": "entailment", "N": "neutral", "C": "contradiction"}
LINE = re.compile(r"(##|[#=+~ENC]) +(.+)")
TEXT = re.compile(r"([a-z]{2}) \| ([^|]+)")
KINDS = ("events", "headlines", "pairs")
OF_ONE_QUESTION = ("event_same", "event_against", "event_near")  # the sources that the pairs name
SOURCES = (*OF_ONE_QUESTION, "event_beside", "headlines", "headlines_against", "pairs")
PARTS = 10  # of which the first two of the events, and the first of the rest, are held out


@dataclass(frozen=True)
class Text:
    """A claim or headline with its language."""

    lang: str
    text: str


@dataclass
class Question:
    """What sources differ on: answers that exclude each other, each in several wordings, and near-misses to them."""

    answers: list[list[Text]] = field(default_factory=list)
    near: list[Text] = field(default_factory=list)


@dataclass
class Event:
    """Questions on one event; the answers to one say nothing about another."""

    title: str
    questions: list[Question] = field(default_factory=list)


def lines_of(path: Path, named: Sequence[str], marks: Sequence[str]) -> Iterator[tuple[str, Text]]:
    """Yield the mark of each line and its text; after the marks of `named` stands a name, in no language.

    Raises
    ------
    ValueError
        If a line is not of the format.
    """
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        found = LINE.fullmatch(line.strip())
        text = TEXT.fullmatch(found[2]) if found else None
        if found and found[1] in named:
            yield found[1], Text("", found[2])
        elif found and text and found[1] in marks:
            yield found[1], Text(text[1], text[2].strip())
        else:
            message = f"{path.name}, line {number}: not understood: {line!r}"
            raise ValueError(message)


def read_events(path: Path) -> list[Event]:
    """Read a file of events.

    Raises
    ------
    ValueError
        If a line is not of the format, or stands before what it belongs to.
    """
    events: list[Event] = []
    try:
        for mark, text in lines_of(path, ("#", "##"), ("=", "+", "~")):
            if mark == "#":
                events.append(Event(text.text))
            elif mark == "##":
                events[-1].questions.append(Question())
            elif mark == "=":
                events[-1].questions[-1].answers.append([text])
            elif mark == "+":
                events[-1].questions[-1].answers[-1].append(text)
            else:
                events[-1].questions[-1].near.append(text)
    except IndexError:
        message = f"{path.name}: {text.text!r} stands before its event, question or answer"
        raise ValueError(message) from None
    return events


def read_groups(path: Path) -> list[tuple[Text, list[tuple[str, Text]]]]:
    """Read a file of rumours or plain pairs: each first text with the labels and texts that belong to it.

    Raises
    ------
    ValueError
        If a line is not of the format, or stands before what it belongs to.
    """
    groups: list[tuple[Text, list[tuple[str, Text]]]] = []
    for mark, text in lines_of(path, (), ("#", *LABEL_OF)):
        if mark == "#":
            groups.append((text, []))
        elif groups:
            groups[-1][1].append((LABEL_OF[mark], text))
        else:
            message = f"{path.name}: {text.text!r} stands before its first text"
            raise ValueError(message)
    return groups


def held_out(of: Event | Text) -> bool:
    """Say whether what belongs to an event, or to a rumour or premise, is never trained on."""
    name, parts = (of.title, 2) if isinstance(of, Event) else (of.text, 1)
    return zlib.crc32(name.encode("utf-8")) % PARTS < parts


def pair(premise: Text, hypothesis: Text, label: str, source: str) -> LabelledPair:
    """Return a labelled pair."""
    other = hypothesis.lang if hypothesis.lang != premise.lang else ""
    return LabelledPair(premise.text, hypothesis.text, label, premise.lang, other, source)


def claims_of(event: Event) -> list[tuple[Text, int, int | None]]:
    """Return the claims of an event, each with the number of its question and of its answer; a near-miss has none."""
    return [
        (text, number, of)
        for number, question in enumerate(event.questions)
        for of, texts in (*enumerate(question.answers), (None, question.near))
        for text in texts
    ]


def pairs_of_event(event: Event) -> Iterator[LabelledPair]:
    """Yield the pairs of an event that its structure labels; where order matters, both ways round."""
    for question in event.questions:
        for answer in question.answers:
            for one, other in permutations(answer, 2):
                yield pair(one, other, "entailment", "event_same")
        for answer, against in permutations(question.answers, 2):
            for one in answer:
                for other in against:
                    yield pair(one, other, "contradiction", "event_against")
        for answer in question.answers:
            for one in answer:
                for other in question.near:
                    yield pair(one, other, "neutral", "event_near")
                    yield pair(other, one, "neutral", "event_near")
    for (one, here, _), (other, there, _) in permutations(claims_of(event), 2):
        if here != there:
            yield pair(one, other, "neutral", "event_beside")


def pairs_of_group(first: Text, others: Sequence[tuple[str, Text]], kind: str) -> Iterator[LabelledPair]:
    """Yield the pairs of a rumour (headlines as premises) or of a premise."""
    for label, text in others:
        one, other = (text, first) if kind == "headlines" else (first, text)
        yield pair(one, other, label, kind)
    if kind == "headlines":
        for (label, one), (against, other) in combinations(others, 2):
            if {label, against} == {"entailment", "contradiction"}:
                yield pair(one, other, "contradiction", "headlines_against")


def events(*, out: bool) -> list[Event]:
    """Return the events that are held out, or those that are not."""
    return [
        event for path in sorted(FOLDER.glob("*.events.txt")) for event in read_events(path) if held_out(event) == out
    ]


def written(*, out: bool) -> list[LabelledPair]:
    """Return all labelled pairs that are held out, or those that are not."""
    made = [of for event in events(out=out) for of in pairs_of_event(event)]
    for kind in KINDS[1:]:
        for path in sorted(FOLDER.glob(f"*.{kind}.txt")):
            for first, others in read_groups(path):
                if held_out(first) == out:
                    made += pairs_of_group(first, others, kind)
    return made
