"""Wording: what a speaker is quoted for, worded so that it stands alone and is the speaker's own position."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from contradict.articles.paragraphs import words

if TYPE_CHECKING:
    from contradict.articles.packs import Pack
    from contradict.articles.speakers import Resolved
    from contradict.articles.statements import Statement

FEWEST_WORDS = 4  # of a claim that can be checked
FEWEST_PART = 3  # words of each of two assertions in one statement
LONGEST_SUBJECT = 9  # words
SHORTEST_OWNED = 4  # letters of a noun that a possessive is written on to


def assertions(text: str, statement: Statement, of: Pack) -> list[tuple[Statement, str]]:
    """Cut a statement into its assertions, each with the subject that it shares with the first and does not repeat.

    It is cut where an assertion begins that stands alone, and where a second verb has the subject of the first: before
    "and destroyed" in "the jets hit the camp and destroyed two depots". What is denied or asked stays whole.
    """
    if statement.stance != "asserts" or len(statement.content) > 1:
        return [(statement, "")]
    ((start, end),) = statement.content
    joints = [(joint.start(), joint.end(), "") for joint in of.expression("asserts_again").finditer(text, start, end)]
    verb = of.expression("verb").search(text, start, end)
    subject = text[start : verb.start()].strip() if verb else ""
    if verb and is_subject(subject, of):
        stop = min((joint[0] for joint in joints), default=end)
        agrees = "".join(verb.groups(""))
        again = of.expression("same_subject").finditer(text, verb.end(), end)
        shared = [(a.start(), a.end(), subject) for a in again if a.start() <= stop and "".join(a.groups("")) == agrees]
        joints = sorted(shared + [joint for joint in joints if all(joint[0] != other[0] for other in shared)])
    parts, of_part = [], ""
    for joint, after, shared_with in joints:
        if words(text, (start, joint)) + words(of_part, (0, len(of_part))) < FEWEST_PART:
            continue
        if words(text, (after, end)) + words(shared_with, (0, len(shared_with))) < FEWEST_PART:
            continue
        parts.append(((start, joint), of_part))
        start, of_part = after, shared_with
    return [(replace(statement, content=(part,)), subject) for part, subject in (*parts, ((start, end), of_part))]


def is_subject(phrase: str, of: Pack) -> bool:
    """Say whether a phrase can be what a verb behind it is about: short, of one piece, with no clause in it."""
    number = words(phrase, (0, len(phrase)))
    broken = re.search(r"[,،;:؛]", phrase) or of.pattern("connectors").search(phrase)
    return 0 < number <= LONGEST_SUBJECT and not broken


def worded(text: str, of: Statement, who: Resolved, language: Pack, subject: str = "") -> tuple[str, str]:
    """Return what is said so that it stands by itself, and its stance.

    The subject, or whose it is, is named where it was left out. What the speaker rejects becomes the speaker's
    position: the charge alone, denied, or affirmed where it is itself one plain denial.
    """
    content = " … ".join(" ".join(text[slice(*span)].split()) for span in of.content)
    stance = of.stance
    baseless = language.expression("baseless").search(content) if stance == "asserts" else None
    charge = baseless or (language.expression("charge").search(content) if stance == "rejects" else None)
    if charge:
        content, stance = charge["charge"].strip(), "rejects"
    content = named(f"{subject} {content}".strip(), of, who, language)
    if stance == "unsure" and of.cue is not None and cue_of(text, of) in language.words("doubts"):
        return language.doubted(content), stance
    if stance != "rejects":
        return content, stance
    if charge is None and of.cue is not None and who.name and not is_clause(text, of, language):
        cue = " ".join(text[slice(*of.cue)].split())
        parts = (cue, who.name, content) if language.verb_first else (who.name, cue, content)
        return (" " if language.writes_spaces else "").join(parts), stance
    return language.affirmed(content) or language.denied(content), stance


def cue_of(text: str, of: Statement) -> str:
    """Return the words that attribute, as packs have them."""
    assert of.cue is not None
    return " ".join(text[slice(*of.cue)].casefold().split())


def is_claimed(text: str, of: Statement, language: Pack) -> bool:
    """Say whether a speaker stands for what is said: not who asks, and not who does not say it."""
    unsaid = of.stance == "unsure" and of.cue is not None and not is_unsure(language, cue_of(text, of))
    return of.stance != "asks" and not unsaid


def is_unsure(language: Pack, cue: str) -> bool:
    """Say whether a cue is one that is never sure, with or without the "and" that may be written on to it."""
    return bool({cue, cue[1:]} & language.words("unsure"))


def is_clause(text: str, of: Statement, language: Pack) -> bool:
    """Say whether what is rejected is a sentence: in quote marks, or behind "that"; "the plan" is none."""
    assert of.cue is not None
    start = of.content[0][0]
    between = text[of.cue[1] : start] if of.cue[1] <= start else ""
    return of.kind in ("direct", "mixed") or start < of.cue[0] or bool(language.pattern("that").search(between))


def named(content: str, of: Statement, who: Resolved, language: Pack) -> str:
    """Return a content with its subject, or whose it is, named where a pronoun or a possessive stands for it."""
    first, _, rest = content.partition(" ")
    if of.kind not in ("indirect", "mixed") or not who.name or not rest:
        return content
    if who.name.casefold() in language.words("personal") | language.words("pronouns"):
        return content
    if first.casefold() in language.words("personal") | language.words("that_he"):
        return f"{who.name} {rest}"
    if first.casefold() in language.words("owners"):
        return f"{language.owner(who.name)} {rest}"
    for suffix, agrees in language.possessives.items():
        owned = first.removesuffix(suffix)
        noun = owned != first and len(owned) >= SHORTEST_OWNED and not first.startswith(language.article)
        if noun and re.search(agrees, who.name.split()[0]):
            return f"{owned} {language.oblique(who.name)} {rest}"
    return content


def checkable(content: str) -> bool:
    """Say whether a content states something: enough words, and no question."""
    return len(re.findall(r"\w+", content)) >= FEWEST_WORDS and not content.rstrip().endswith(("?", "؟", "？"))
