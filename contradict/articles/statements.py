"""Statements: who says what in a text, with the place of each word of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from contradict.articles.contents import Contents
from contradict.articles.paragraphs import (
    FEWEST_WORDS,
    LONGEST_ADJUNCT,
    LONGEST_BETWEEN,
    VERBS,
    Span,
    Taken,
    has_words,
    paragraphs,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contradict.articles.packs import Pack

IMPLIED = (-1, -1)  # the speaker of the statement before
FEWEST_LOOSE = 5  # words of what is said where no mark divides it from the speaker
HEADLINE_WORDS = 4  # of a speaker before a colon
SIGNED = re.compile(r"\s*[―—–]\s*([^\W\d_a-zа-я]\w*[^\n,:;!?]{0,60}?)\s*\.?\s*")  # "…" — Ann Reed


@dataclass(frozen=True)
class Statement:
    """Who says what.

    Attributes
    ----------
    speaker
        Span of the speaker's mention, or None where the text names none.
    cue
        Span of the words that attribute.
    content
        Spans of what is said, in order.
    kind
        ``direct``, ``indirect``, ``mixed`` or ``belief``.
    stance
        ``asserts``, ``rejects``, ``asks`` or ``unsure``.
    """

    speaker: Span | None
    cue: Span | None
    content: tuple[Span, ...]
    kind: str
    stance: str = "asserts"


def read(text: str, pack: Pack) -> list[tuple[int, Attributed]]:
    """Return the paragraphs of a text, each with where it starts."""
    return [(start, Attributed(text[start:end], pack)) for start, end in paragraphs(text)]


def statements(text: str, pack: Pack) -> list[Statement]:
    """Return the statements of a text in one language, in their order.

    Parameters
    ----------
    text
        Any text.
    pack
        Its language.
    """
    return statements_of(read(text, pack))


def statements_of(paragraphs: Iterable[tuple[int, Attributed]]) -> list[Statement]:
    """Return the statements of the paragraphs of a text."""
    found: list[Statement] = []
    for start, paragraph in paragraphs:
        for statement in paragraph.statements():
            if statement.speaker == IMPLIED:
                last = found[-1].speaker if found else None
                found.append(replace(moved(statement, start), speaker=last))
            else:
                found.append(moved(statement, start))
    return found


def moved(statement: Statement, by: int) -> Statement:
    """Return a statement with its spans counted from the text's start."""

    def shift(span: Span | None) -> Span | None:
        return None if span is None or span == IMPLIED else (span[0] + by, span[1] + by)

    content = tuple((start + by, end + by) for start, end in statement.content)
    return replace(statement, speaker=shift(statement.speaker), cue=shift(statement.cue), content=content)


class Attributed(Contents):
    """A paragraph, and who says what in it."""

    def statements(self) -> list[Statement]:
        """Return the paragraph's statements."""
        found: list[Statement] = []
        taken = Taken()
        headline = self.headline()
        if headline:
            return [headline]
        for start, end in self.sentences:
            found += self.apart(list(self.of_sentence(start, end)), taken)
            found += self.left_over(start, end, found, taken)
        return merged(found)

    def apart(self, candidates: list[Statement], taken: Taken) -> list[Statement]:
        """Return the statements of a sentence that do not overlap: quotes first, and what ends where one begins."""
        firm = [statement for statement in candidates if self.is_quoted(statement)]
        first = {id(statement) for statement in firm}
        kept: list[Statement] = []
        for statement in (*firm, *(other for other in candidates if id(other) not in first)):
            one = self.before(statement, [quote for quote in kept if id(quote) in first])
            if one and all(start < end and not taken.touches((start, end)) for start, end in one.content):
                kept.append(one)
                taken.add(one.content)
        return sorted(kept, key=lambda statement: statement.cue or statement.content[0])

    def is_quoted(self, statement: Statement) -> bool:
        """Say whether a statement is one whole quote, set off by a mark from the verb that attributes it."""
        if statement.kind != "direct" or statement.cue is None or statement.speaker in (None, IMPLIED):
            return False
        ((start, end), *_), text = statement.content, self.text
        if statement.cue[0] > start:
            return text[end - 1] in ",?!…،؟" or text[end + 1 : end + 2] in (",", "،")
        return text[statement.cue[1] : start - 1].rstrip().endswith((",", ":", "،"))

    def before(self, statement: Statement, quotes: list[Statement]) -> Statement | None:
        """Return a statement cut off before the first quote of another that it runs into, or None if little is left."""
        ((start, end), *more) = statement.content
        for quote in quotes:
            begins = min(span[0] for span in (quote.speaker, quote.cue, *quote.content) if span)
            if start < begins < end and statement.cue != quote.cue:
                end = self.trimmed(start, begins)[1]
        if (start, end) == statement.content[0]:
            return statement
        if words(self.text, (start, end)) < FEWEST_WORDS:
            return None
        return replace(statement, content=((start, end), *(span for span in more if span[0] >= end)))

    def headline(self) -> Statement | None:
        """Return "X: ...", if the paragraph is one short sentence of that form."""
        colon = self.text.find(":")
        if any(quote[0] <= colon + 4 for quote in self.quotes[:1]):
            return None  # a quote, which has a cue of its own
        if not 0 < colon < LONGEST_ADJUNCT or len(self.sentences) > 1 or self.in_quote(colon):
            return None
        speaker, content = self.trimmed(0, colon), self.trimmed(colon + 1, len(self.text))
        cues = self.pack.pattern(*VERBS).search(self.text, 0, colon)
        if cues or not 0 < words(self.text, speaker) <= HEADLINE_WORDS or words(self.text, content) < FEWEST_WORDS:
            return None
        return Statement(speaker, (colon, colon + 1), (content,), self.kind(content, "asserts"))

    def of_sentence(self, start: int, end: int) -> Iterator[Statement]:
        """Yield the statements of one sentence, by cue."""
        pack = self.pack
        yield from self.according(start, end)
        cues = pack.pattern(*VERBS, "passive") if pack.verb_first else pack.pattern(*VERBS)
        for cue in cues.finditer(self.text, start, end):
            if self.in_quote(cue.start()) or (cue.start() > start and cue[0] in pack.as_written("names")):
                continue
            statement = self.by_verb(start, end, cue.span())
            if statement:
                yield statement

    def according(self, start: int, end: int) -> Iterator[Statement]:
        """Yield "according to X, ..." and "..., according to X"."""
        for cue in self.pack.pattern("implied").finditer(self.text, start, end):
            before, after = self.trimmed(start, cue.start()), self.trimmed(cue.end(), end)
            content = before if words(self.text, before) >= words(self.text, after) else after
            quotes = [self.in_quote(span[0]) for span in (before, after)]
            both = [quote and self.trimmed(*quote) for quote in quotes] == [before, after]
            if not self.in_quote(cue.start()) and has_words(self.text, content, FEWEST_WORDS):
                spans = (before, after) if both else (content,)
                yield Statement(IMPLIED, cue.span(), spans, self.kind(content, "asserts"))
        for cue in () if self.pack.verb_first else self.pack.pattern("passive").finditer(self.text, start, end):
            opening = self.opening(cue.end(), end)
            after = self.trimmed(cue.end() if opening is None else opening, end)
            before = self.trimmed(start, cue.start())
            spans = (after,) if opening is not None else (before, after)
            if (
                not self.in_quote(cue.start())
                and has_words(self.text, after, FEWEST_WORDS)
                and all(a < b for a, b in spans)
            ):
                yield Statement(None, cue.span(), spans, "belief")
        for cue in self.pack.pattern("postposed").finditer(self.text, start, end):
            who, after = self.named(start, cue.start()), self.trimmed(cue.end(), end)
            if who and not self.in_quote(cue.start()) and has_words(self.text, after, FEWEST_WORDS):
                yield Statement(who, cue.span(), (after,), self.kind(after, "asserts"))
        for cue in self.pack.pattern("according").finditer(self.text, start, end):
            if self.in_quote(cue.start()):
                continue
            speaker = self.noun_phrase(cue.end(), end)
            if speaker is None:
                continue
            if self.text[slice(*cue.span())].casefold().endswith(tuple(self.pack.words("with_dative"))):
                speaker = self.without_dative(speaker)
            said = self.pack.pattern("said").match(self.text, speaker[1], end)
            before, after = self.trimmed(start, cue.start()), self.trimmed(said.end() if said else speaker[1], end)
            content = before if words(self.text, before) >= words(self.text, after) else after
            if has_words(self.text, content, FEWEST_WORDS):
                yield Statement(speaker, cue.span(), (content,), self.kind(content, "asserts"))

    def with_verb_last(self, start: int, cue: Span, what: str, stance: str) -> Statement | None:
        """Return the statement of a verb behind what is said, which a comma parts from the speaker before it."""
        comma = self.text.find(",", start, cue[0])
        if comma < 0 or self.in_quote(comma) or self.quotes_from(comma, cue[0]):
            return None
        content = self.clause(comma + 1, cue[0], least=2)
        speaker = IMPLIED if self.quotes_from(start, comma) else self.named(start, comma)
        return content and speaker and Statement(speaker, cue, (content,), self.kind(content, what), stance)

    def by_verb(self, start: int, end: int, cue: Span) -> Statement | None:
        """Return the statement that a verb makes."""
        text, pack = self.text, self.pack
        if pack.verb_first:
            return self.by_first_verb(start, end, cue)
        word = " ".join(text[cue[0] : cue[1]].casefold().split())
        what, stance = self.stance(word, cue[0])
        if word in pack.words("participles") and text[start : cue[0]].rstrip().endswith((",", "—", "–", "-")):
            content, _ = self.content_after(cue[1], end, word, inverted=False)
            return content and Statement(IMPLIED, cue, (content,), self.kind(content, what), stance)
        last = self.with_verb_last(start, cue, what, stance) if pack.verb_last else None
        if last:
            return last
        before = self.speaker_before(start, cue[0])
        content, after = self.content_after(cue[1], end, word, inverted=before is None)
        if before and word in pack.words("nouns_too") and self.is_single(before):
            return None
        if content is None and (loose := self.without_comma(start, cue, end, what, stance)):
            return loose
        if content is None:
            speaker = before or after
            content = self.content_before(start, speaker[0] if before and speaker else cue[0])
            if content and speaker is None and self.in_quote(content[0]) == content:  # Turkish: X, "...", said
                speaker = self.speaker_before(start, self.trimmed(start, content[0])[1])
            if content is None or speaker is None:
                return None
            whole = self.with_quotes(content, max(cue[1], speaker[1]), end)
            return Statement(speaker, cue, whole, self.kind(content, what), stance)
        if before is None:  # Said Ann Reed: "..."
            before = self.noun_phrase(self.skip(cue[1], end, word), content[0]) if self.opens(start, cue[0]) else None
        if before is None:
            return None
        earlier = self.content_before(start, before[0])
        if earlier is None or self.in_quote(earlier[0]) != earlier:
            return Statement(before, cue, (content,), self.kind(content, what), stance)
        introduced = self.in_quote(content[0]) == content or self.opening(self.skip(cue[1], end, word), end) is not None
        spans = (earlier, content) if introduced else (earlier,)  # "...," she said months later
        return Statement(before, cue, spans, self.kind(spans[-1], what), stance)

    def without_comma(self, start: int, cue: Span, end: int, what: str, stance: str) -> Statement | None:
        """Return the statement of a speaker who ends a sentence without the comma that should stand before."""
        rest = self.text[self.skip(cue[1], end) : end].strip()
        found = self.pack.expression("tail").search(self.text, start, cue[0]) if not rest.strip(".") else None
        if found is None or words(self.text, (start, found.start())) < FEWEST_LOOSE:
            return None
        content = self.trimmed(start, found.start())
        if self.text[: found.start()].rstrip().endswith((",", "”", '"', "»", "?", "!")) or self.in_quote(found.start()):
            return None
        return Statement(self.trimmed(*found.span(1)), cue, (content,), self.kind(content, what), stance)

    def behind_quote(self, start: int, end: int, cue: Span, word: str) -> tuple[Span, Span] | None:
        """Return the quote before a first verb, and the speaker behind the verb: «...»، يقول الوزير."""
        text = self.text
        quote = self.quote_before(start, cue[0])
        if quote is None or text[cue[0] : cue[1]] != word or not has_words(text, quote, FEWEST_WORDS):
            return None
        mark = re.compile(r"[.،,:؛\"“”«»]").search(text, cue[1], end)
        stop = mark.start() if mark else end
        apart = text[quote[1] + 1 : cue[0]].strip() in ("", "،", ",") and not (mark and mark[0] == ":")
        if not apart or self.pack.pattern("that").search(text, cue[1], stop):
            return None
        speaker = self.first_phrase(cue[1], stop, relays=False)
        return (quote, speaker) if speaker else None

    def is_single(self, phrase: Span) -> bool:
        """Say whether a phrase is one thing, behind which a plural verb is a noun: "a plan", "his report"."""
        of = self.text[slice(*phrase)].casefold().split()
        return of[0] in self.pack.words("single") and not (len(of) > 1 and of[-1].endswith("s"))

    def opens(self, start: int, cue: int) -> bool:
        """Say whether a cue is the first word of its sentence, days and the like aside."""
        rest = self.text[start:cue].strip()
        return not rest or self.pack.expression("leading").fullmatch(rest) is not None

    def stance(self, word: str, cue: int) -> tuple[str, str]:
        """Return what kind of verb a cue is, and the stance that it gives; whoever does not say is not sure."""
        pack = self.pack
        what = next((name for name in ("rejects", "asks", "believes") if word in pack.words(name)), "asserts")
        if word in pack.words("unsure") or self.negated(cue):
            return what, "unsure"
        return what, what if what in ("rejects", "asks") else "asserts"

    def by_first_verb(self, start: int, end: int, cue: Span) -> Statement | None:
        """Return the statement of a verb that stands before its speaker."""
        text, pack = self.text, self.pack
        word = text[cue[0] : cue[1]].casefold()
        if not any(word in pack.words(name) for name in (*VERBS, "passive")):
            word = word[1:]
        what, stance = self.stance(word, cue[0])
        spoken = self.behind_quote(start, end, cue, word)
        if spoken:
            return Statement(spoken[1], cue, self.with_quotes(spoken[0], spoken[1][1], end), "direct", stance)
        stop = min((q[0] - 1 for q in self.quotes_from(cue[1] + 1, end) if words(text, q) > FEWEST_WORDS), default=end)
        that = pack.pattern("that").search(text, cue[1], end)
        colon = text.find(":", cue[1], end)
        link = None if word in pack.words("relays") else pack.pattern("links").search(text, cue[1], end)
        noun = pack.pattern("nouns").search(text, cue[1], end) if word in pack.words("object") else None
        ends = [(stop, stop)] if stop < end else []
        ends += [(that.start(), that.start() if len(that[0].lstrip("بأإالن")) else that.end())] if that else []
        ends += [(colon, colon + 1)] if colon >= 0 else []
        if word in pack.words("ambiguous"):
            ends = [
                span for span in ends if (span[0] - cue[1] <= LONGEST_ADJUNCT and span[0] != stop) or stop == cue[1] + 1
            ]
        if word in pack.words("between") and ends and " و" in text[cue[1] : min(ends)[0]]:
            return None  # between this and that
        if word in pack.words("ambiguous") and not ends:
            return None
        ends += [(noun.start(), noun.start())] if noun else []
        if not ends or (link and link.start() < min(ends)[0] - 60):
            ends += [(link.start(), link.end())] if link else []
        comma = re.compile("[،,]").search(text, cue[1], end)
        if comma and (not ends or comma.start() < min(ends)[0] - LONGEST_ADJUNCT):
            after = self.skip(comma.end(), end)
            ends = [(comma.start(), after)] if after > comma.end() + 1 else ends
        if not ends or pack.pattern("nobody").match(text, cue[0]):
            return None
        speaker_end, content_start = min(ends)
        if speaker_end - cue[1] > LONGEST_BETWEEN:
            return None
        first = self.subject_first(start, cue[0], word)
        speaker = first or self.first_phrase(cue[1], speaker_end, relays=word in pack.words("relays"))
        if speaker is None and word in pack.words("passive"):
            what = "believes"
        elif speaker is None:
            goes_on = text[cue[0] : cue[1]] == f"و{word}"  # "and added": of the speaker before
            before = None if goes_on or word in pack.words("participles") else self.speaker_before(start, cue[0])
            speaker = before or IMPLIED
        content = self.clause(content_start, self.clause_end(content_start, end), least=2)
        if content is None:
            return None
        return Statement(speaker, cue, (content,), self.kind(content, what), stance)

    def left_over(self, start: int, end: int, found: list[Statement], taken: Taken) -> list[Statement]:
        """Return a sentence that is one quote without a cue: the speaker's behind a dash, else the last one's."""
        quote = next((q for q in self.quotes_from(start, end) if q[1] <= end), None)
        if quote is None or taken.touches(quote):
            return []
        signed = SIGNED.fullmatch(self.text, quote[1] + 1, end)
        if signed and words(self.text, quote) >= FEWEST_WORDS and not self.text[start : quote[0] - 1].strip():
            speaker = self.named(*signed.span(1))
            if speaker and not self.pack.pattern(*VERBS).search(self.text, *speaker):
                taken.add([quote])
                return [Statement(speaker, None, (quote,), "direct")]
        if not found:
            return []
        outside = words(self.text, (start, end)) - words(self.text, quote)
        if outside > 1 or words(self.text, quote) < FEWEST_WORDS or found[-1].kind == "belief":
            return []
        taken.add([quote])
        return [replace(found[-1], content=(quote,), kind="direct")]


def merged(found: list[Statement]) -> list[Statement]:
    """Join statements of one cue: a quote that goes on after it."""
    result: list[Statement] = []
    for statement in found:
        if result and statement.cue is not None and result[-1].cue == statement.cue:
            result[-1] = replace(result[-1], content=(*result[-1].content, *statement.content))
        else:
            result.append(statement)
    return result
