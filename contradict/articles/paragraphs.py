"""Paragraphs: with their sentences and quotes, and the phrases in them that can be a speaker or a claim."""

from __future__ import annotations

import bisect
import itertools
import re
from functools import cached_property
from typing import TYPE_CHECKING

from contradict.articles.quotes import LONGEST, goes_on, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contradict.articles.packs import Pack

Span = tuple[int, int]

VERBS = ("asserts", "believes", "rejects", "asks", "infinitive", "object")
LONGEST_SENTENCE = 4_000  # characters; what is longer is no sentence, and is read in pieces
FEWEST_WORDS = 3  # of a quote or clause without which it is a name or a word in inverted commas
LONGEST_SPEAKER = 14  # words
LONGEST_ADJUNCT = 60  # characters between a verb and "that", for when, where and to whom
LONGEST_BETWEEN = 160  # characters between a verb and what it introduces
HAN = "\u3400-\u9fff"  # written without spaces: each character counts as a word
WORD = re.compile(rf"[{HAN}]|[^\W{HAN}]+(?:['’.-][^\W{HAN}]+)*")
TOKEN = re.compile(rf"[{HAN}]|[^\W{HAN}](?:[^\W{HAN}]|['’.&/-])*|[^\w\s]")
BRACKETS = (("(", ")"), ("«", "»"), ("“", "”"), ("„", "“"), ("[", "]"))
ASKED = re.compile("[?!…؟？][»”“\"’']$")
EDGE = '，、：。 \t\n\xa0,،؛;:—–-―"“”«»„‹›()[]·•'


def paragraphs(text: str) -> Iterator[Span]:
    """Yield the spans of paragraphs: lines that are not blank; a quote is not parted from its cue or its beginning."""
    start = end = 0
    for line in re.finditer(r"[^\n]*\S[^\n]*", text):
        if end and end - start < LONGEST and goes_on(text[start:end], line[0]):
            end = line.end()
            continue
        if end:
            yield start, end
        start, end = line.span()
    if end:
        yield start, end


def sentences(paragraph: str, pack: Pack, quotes: list[Span]) -> list[Span]:
    """Return the spans of a paragraph's sentences; a quote is never cut, nor parted from its cue."""
    from sentencex import segment

    spans: list[Span] = []
    start = 0
    for sentence in segment(pack.lang, paragraph):
        end = start + len(sentence)
        within = bisect.bisect_right(quotes, (start, 0)) - 1
        in_quote = within >= 0 and start < quotes[within][1]
        before = paragraph[max(0, start - 8) : start].rstrip()
        cue_behind = before[-1:] in tuple("»”“") and sentence.lstrip()[:1] in tuple("―—–")  # «Who pays?» — asks X
        cue_behind |= bool(ASKED.search(before)) and pack.expression("cue_behind").match(sentence) is not None
        cut_off = pack.expression("abbreviation").search(before) is not None
        of_last = not sentence.strip() or before.endswith((":", "：")) or cue_behind or cut_off
        if spans and (in_quote or of_last) and end - spans[-1][0] <= LONGEST_SENTENCE:
            spans[-1] = (spans[-1][0], end)
        else:
            spans += [(first, min(first + LONGEST_SENTENCE, end)) for first in range(start, end, LONGEST_SENTENCE)]
        start = end
    return spans


class Paragraph:
    """One paragraph with its quotes and sentences, and what finds phrases in it."""

    def __init__(self, text: str, pack: Pack) -> None:
        self.text, self.pack = text, pack
        self.quotes = [part for quote in quoted(text) for part in self.without_insertion(quote)]
        self.sentences = sentences(text, pack, self.quotes)
        self.names = {start: end for start, end in self.quotes if self.is_name(start, end)}
        self.name_marks = {start - 1 for start in self.names} | set(self.names.values())

    def without_insertion(self, quote: Span) -> list[Span]:
        """Cut a quote at words of the reporter between dashes: «Мы не уйдём, — сказала она. — Никогда»."""
        for dash in re.finditer(r"[—–-]\s*", self.text[slice(*quote)]):
            begin, after = quote[0] + dash.start(), quote[0] + dash.end()
            if self.pack.pattern("asserts").match(self.text, after, quote[1]):
                end = re.compile(r"[.,;]\s*[—–-]\s*").search(self.text, after, quote[1])
                first = self.trimmed(quote[0], begin)
                return [first, *self.without_insertion((end.end(), quote[1]))] if end else [first]
        return [quote]

    def is_name(self, start: int, end: int) -> bool:
        """Say whether a quote is a name that belongs to the noun before it: the newspaper "Voice"."""
        noun = re.search(r"\w $", self.text[max(0, start - 3) : start - 1])
        return bool(noun) and words(self.text, (start, end)) <= FEWEST_WORDS and self.text[end - 1] not in ",.!?،؟"

    def in_quote(self, place: int) -> Span | None:
        """Return the quote that a place lies in."""
        number = bisect.bisect_right(self.quotes, (place, len(self.text))) - 1
        return self.quotes[number] if number >= 0 and place < self.quotes[number][1] else None

    def quotes_from(self, start: int, end: int) -> list[Span]:
        """Return the quotes that begin in a stretch."""
        return self.quotes[bisect.bisect_left(self.quotes, (start, 0)) : bisect.bisect_left(self.quotes, (end, 0))]

    def quote_before(self, start: int, place: int) -> Span | None:
        """Return the quote that ends right before a place, a comma aside."""
        number = bisect.bisect_left(self.quotes, (place, 0)) - 1
        quote = self.quotes[number] if number >= 0 else None
        return quote if quote and quote[0] >= start and quote[1] >= place - 4 else None

    def trimmed(self, start: int, end: int) -> Span:
        """Return a span without marks and spaces at its edges; a quote's own marks are dropped if it is all quote."""
        text = self.text
        while start < end and text[start] in EDGE:
            start += 1
        while end > start and text[end - 1] in EDGE + ".":
            end -= 1
        for opens, closes in BRACKETS:
            if text[end : end + 1] == closes and text.count(opens, start, end) > text.count(closes, start, end):
                end += 1
        behind = re.compile(r'\s?"').match(text, end)
        if behind and text.count('"', start, end) % 2:
            end = behind.end()
        return start, end

    def named(self, start: int, end: int) -> Span | None:
        """Return a phrase as a speaker, if there is one."""
        span = self.trimmed(start, end)
        return (
            span if span[1] > span[0] and words(self.text, span) <= LONGEST_SPEAKER and self.may_speak(span) else None
        )

    def may_speak(self, span: Span) -> bool:
        """Say whether a phrase can be a speaker: it has letters, and begins as a speaker may."""
        phrase = self.text[span[0] : span[1]]
        first = phrase.split()[0].casefold() if phrase.strip() else ""
        never = first in self.pack.words("no_speaker") or first in self.pack.words("participles")
        never |= phrase.strip().casefold() in self.pack.words("determiners")
        never |= first.startswith(tuple(self.pack.words("prepositions")))
        return not never and any(character.isalpha() for character in phrase)

    def speaker_before(self, start: int, cue: int) -> Span | None:
        """Return the noun phrase that ends before a cue."""
        text, pack = self.text, self.pack
        start = max(start, cue - LONGEST_BETWEEN - LONGEST_BETWEEN)
        tokens = list(TOKEN.finditer(text[start:cue]))
        helpers = pack.words("auxiliaries")
        marks = {number for number, token in enumerate(tokens) if start + token.start() in self.name_marks}
        while tokens and tokens[-1][0].casefold() in helpers:
            tokens.pop()
        if not tokens or tokens[-1][0].casefold() in pack.words("not_before_verbs"):
            return None
        last = len(tokens) - 1
        if tokens[last][0].casefold() in pack.words(
            "and"
        ):  # "confirmed the toll and said": the speaker of the first verb
            first_verb = pack.pattern(*VERBS).search(text, start, cue)
            return self.speaker_before(start, first_verb.start()) if first_verb else None
        if tokens[last][0] == ",":  # an apposition: Name, the spokesman, said
            back = next((n for n in range(last - 1, -1, -1) if tokens[n][0] == ","), None)
            if back is None or last - back > LONGEST_SPEAKER or back == 0:
                return None
            last = back - 1
        connectors = pack.words("connectors")
        first = last
        bracket = self.bracket(tokens, last)
        for number in range(last, -1, -1):
            word = tokens[number][0]
            if bracket <= number <= last:
                first = number
                continue
            if not (word[0].isalnum() or word in "&'’.-%$" or number in marks) or (
                word.casefold() in connectors and number != last
            ):
                break
            first = number
        if last - first + 1 > LONGEST_SPEAKER + last - min(bracket, last):
            return None
        if not (tokens[last][0][0].isalnum() or last in marks or 0 < bracket <= last) or first == bracket:
            return None
        span = self.without_leading((start + tokens[first].start(), start + tokens[last].end()))
        return span if span[0] < span[1] and self.may_speak(span) else None

    def bracket(self, tokens: list[re.Match[str]], last: int) -> int:
        """Return where a bracket begins that ends a speaker, as in Ann Reed (D-Ohio); else what is behind it."""
        if tokens[last][0] != ")":
            return last + 1
        opens = (number for number in range(last, max(-1, last - LONGEST_SPEAKER), -1) if tokens[number][0] == "(")
        return next(opens, last + 1)

    def without_leading(self, speaker: Span) -> Span:
        """Return a speaker without the day, or other adverbial, that its sentence opens with, and without hearers."""
        found = self.pack.expression("leading").match(self.text, *speaker)
        if found and found.end() > speaker[0]:
            return self.without_leading((found.end(), speaker[1]))
        behind = self.pack.expression("trailing").search(self.text, *speaker)  # whom the speaker speaks to
        return (speaker[0], behind.start()) if behind else speaker

    def negated(self, cue: int) -> bool:
        """Say whether a verb is denied by the helpers before it: "could not confirm", «не сказал», لم يؤكد."""
        first = cue
        for token in reversed(list(TOKEN.finditer(self.text[max(0, cue - LONGEST_ADJUNCT) : cue]))):
            word = token[0].casefold()
            if not {word, word[1:] if self.pack.verb_first else word} & self.pack.words("auxiliaries"):
                break
            first = cue - LONGEST_ADJUNCT + token.start() if cue > LONGEST_ADJUNCT else token.start()
        helpers = self.text[first:cue]
        return bool(self.pack.expression("negation").search(helpers)) and not self.pack.expression("even_so").search(
            helpers
        )

    def subject_first(self, start: int, cue: int, word: str) -> Span | None:
        """Return the speaker before a verb that usually stands first: behind "but", and before a plural."""
        before = self.speaker_before(start, cue)
        if before is None or word in self.pack.words("participles"):
            return None
        opening = self.pack.pattern("subject_first")
        introduced = max((found.end() for found in opening.finditer(self.text, start, before[1])), default=-1)
        if introduced >= before[0]:
            return self.named(introduced, before[1])
        at_once = introduced >= 0 and not self.text[introduced : before[0]].strip()
        return before if at_once or word in self.pack.words("plural") else None

    def noun_phrase(self, start: int, end: int) -> Span | None:
        """Return the noun phrase that begins here: up to a comma, a mark, or a word that cannot be in it."""
        text = self.text
        place = re.compile(r"\s*").match(text, start, end).end()  # type: ignore[union-attr]
        at = self.pack.pattern("at").match(text, place, end)  # "reported at the town hall": the town hall
        place = re.compile(r"\s*").match(text, at.end(), end).end() if at else place  # type: ignore[union-attr]
        stop = self.pack.pattern("connectors", "times", "asserts", "stops", "said")
        last = place
        for count, token in enumerate(TOKEN.finditer(text[place:end])):
            part = token[0][0].isalnum() or (count and place + token.start() in self.name_marks)
            if not part or count > LONGEST_SPEAKER:
                break
            if count and stop.match(text, place + token.start(), end):
                break
            last = place + token.end()
        span = self.trimmed(place, last)
        return span if span[1] > span[0] and self.may_speak(span) else None

    def first_phrase(self, start: int, end: int, *, relays: bool) -> Span | None:
        """Return the speaker between a verb and its content, without times, places and hearers."""
        text, pack = self.text, self.pack
        if relays:
            source = pack.pattern("relayed").search(text, start, end)
            if source:
                stop = pack.pattern("relay_words").search(text, source.end(), end)
                return self.named(source.end(), stop.start() if stop else end)
        comma = re.compile("[،,؛]").search(text, start, end)
        last = comma.start() if comma else end
        together = pack.pattern("keep_together").match(
            text, start + len(text[start:last]) - len(text[start:last].lstrip()), last
        )
        if together:
            start = together.end()
        adjunct = pack.pattern("times").search(text, start, last)
        return self.named(start, adjunct.start() if adjunct else last)

    def without_dative(self, speaker: Span) -> Span:
        """Return a speaker without the "to" that is written as one word with it."""
        place, dative = speaker[0], str(self.pack.dative)
        joined = self.text.startswith(dative, place) and not self.text.startswith(dative * 2, place)
        return (place + len(dative), speaker[1]) if joined else speaker

    def opening(self, place: int, end: int) -> int | None:
        """Return where a content begins that is introduced: by "that", or by a colon, perhaps after a few words."""
        text, pack = self.text, self.pack
        that = pack.pattern("that")
        at_once = re.compile(r"[\s,，]*").match(text, place, end)
        found = that.match(text, at_once.end() if at_once else place, end)
        if found:
            return found.end()
        stop = min(end, place + LONGEST_ADJUNCT)
        mark = re.compile(r"[,:;.?!—，：。]").search(text, place, stop)
        if mark is None or self.in_quote(mark.start()):
            return None
        if mark[0] in ":：" or (mark[0] == "，" and mark.start() == place):
            return mark.end()
        found = that.match(text, re.compile(r"\s*").match(text, mark.end(), end).end(), end)  # type: ignore[union-attr]
        return found.end() if found and mark[0] == "," else None

    def skip(self, place: int, end: int, word: str = "") -> int:
        """Return where a cue's hearers and times end."""
        text, pack = self.text, self.pack
        adjuncts = pack.pattern("recipients", "times")
        if pack.words("tells"):  # a pronoun behind "said" begins what is said, and so may a preposition
            adjuncts = pack.expression("adjunct_or_hearer" if word in pack.words("tells") else "adjunct")
        while True:
            gap = re.compile(r"[\s,]*").match(text, place, end)
            after = gap.end() if gap else place
            found = adjuncts.match(text, after, end)
            if not found:
                return re.compile(r"\s*").match(text, place, end).end()  # type: ignore[union-attr]
            place = found.end()
            name = next(iter(self.quotes_from(place, place + 3)), None)  # told the newspaper "Voice"
            if name and name[0] in self.names:
                place = name[1] + 1

    def clause(self, start: int, end: int, *, least: int = FEWEST_WORDS) -> Span | None:
        """Return a clause from here to its end, if it has enough words."""
        span = self.trimmed(start, end)
        return span if has_words(self.text, span, least) else None

    def clause_end(self, start: int, end: int) -> int:
        """Return where a clause ends: at the sentence's end, or where another speaker begins."""
        number = bisect.bisect_left(self.breaks, start)
        return min(self.breaks[number], end) if number < len(self.breaks) else end

    @cached_property
    def breaks(self) -> list[int]:
        """Where another speaker begins: at some conjunctions, and at a first verb behind a comma."""
        text, pack = self.text, self.pack
        found = {other.start() for other in pack.pattern("participles", "breaks").finditer(text)}
        for verb in pack.pattern(*VERBS).finditer(text) if pack.verb_first else ():
            if text[max(0, verb.start() - 3) : verb.start()].rstrip().endswith(("،", ",")):
                found.add(verb.start())
        return sorted(place for place in found if not self.in_quote(place))

    def goes_on(self, place: int, end: int) -> bool:
        """Say whether a clause goes on behind a quote."""
        rest = self.text[place + 1 : end]
        return words(self.text, (place + 1, end)) >= 2 and not rest.lstrip().startswith((",", ".", ";", "—", "–"))

    def content_before(self, start: int, end: int) -> Span | None:
        """Return what stands before the speaker, if a comma or a quote divides them."""
        text = self.text
        quote = next((q for q in self.quotes_from(start, end) if end - 6 <= q[1] <= end), None)
        if quote:
            return quote
        head = text[start:end].rstrip()
        if not head or head[-1] not in ',”»"“?!—–-':
            return None
        span = self.trimmed(start, end)
        return span if has_words(text, span, FEWEST_WORDS) or self.in_quote(span[0]) else None


def words(text: str, span: Span) -> int:
    """Return the number of words in a span."""
    return sum(1 for _ in WORD.finditer(text, *span))


def has_words(text: str, span: Span, least: int) -> bool:
    """Say whether a span has so many words, without counting all of a long one."""
    return sum(1 for _ in itertools.islice(WORD.finditer(text, *span), least)) == least


class Taken:
    """Spans that are used, no two of which overlap, by their place."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def add(self, spans: Iterable[Span]) -> None:
        """Take spans."""
        for span in spans:
            bisect.insort(self.spans, span)

    def touches(self, span: Span) -> bool:
        """Say whether a span shares a character with one that is taken."""
        place = bisect.bisect_left(self.spans, (span[1], 0))  # the first that begins behind it
        return place > 0 and overlap(span, self.spans[place - 1])


def overlap(a: Span, b: Span) -> bool:
    """Say whether two spans share a character."""
    return a[0] < b[1] and b[0] < a[1]
