"""Contents: what is said behind a verb of saying, and of what kind it is."""

from __future__ import annotations

import re

from contradict.articles.paragraphs import (
    FEWEST_WORDS,
    LONGEST_ADJUNCT,
    VERBS,
    Paragraph,
    Span,
    has_words,
    overlap,
    words,
)
from contradict.articles.quotes import LONGEST

LONGEST_HEARER = 6  # words


class Contents(Paragraph):
    """A paragraph, and where in it stands what is said."""

    def content_after(self, start: int, end: int, word: str, *, inverted: bool) -> tuple[Span | None, Span | None]:
        """Return what follows a cue as its content, and as the speaker where the verb stands before it."""
        text, pack = self.text, self.pack
        place = self.skip(start, end, word)
        rest = text[place:end]
        quote = next(iter(self.quotes_from(place, place + 4)), None) or self.quote_behind_adjunct(place, end)
        if quote and not re.search(r"[.!?…]", text[place : quote[0]]):
            return (quote[0], quote[1]) if not self.goes_on(quote[1], end) else self.trimmed(place, end), None
        opening = self.opening(place, end)
        if opening is None and word in pack.words("tells"):
            opening = self.behind_hearer(place, end)
        if opening is not None:
            quote = next(iter(self.quotes_from(opening, opening + 4)), None)
            if quote and not self.goes_on(quote[1], end) and not self.text[opening : quote[0] - 1].strip():
                return quote, None
            return self.clause(opening, self.clause_end(opening, end), least=2), None
        if inverted:
            speaker = self.noun_phrase(place, end)
            behind = speaker and word in pack.words("comma_clause") and text[speaker[1] : speaker[1] + 1] == ","
            return (self.clause(speaker[1] + 1, end) if speaker and behind else None), speaker
        if word in pack.words("comma_clause") and rest.startswith(","):
            return self.clause(place + 1, end), None
        if word in pack.words("infinitive") and re.match(r"(?:\w+ ){0,4}?to\s", rest):
            return self.clause(place, end), None
        if word in pack.words("bare") and has_words(text, (place, end), FEWEST_WORDS) and not rest.startswith(","):
            return self.clause(place, end), None
        if word in pack.words("object") and has_words(text, (place, end), FEWEST_WORDS) and not rest.startswith(","):
            return self.clause(place, end), None
        return None, None

    def behind_hearer(self, place: int, end: int) -> int | None:
        """Return where a content begins behind a hearer with a name: told the Agency of News that ..."""
        that = self.pack.pattern("that").search(self.text, place, min(end, place + LONGEST_ADJUNCT))
        if that is None or words(self.text, (place, that.start())) > LONGEST_HEARER:
            return None
        between = self.text[place : that.start()]
        plain = not re.search(r"[.,;:!?“”\"]", between) and not self.pack.pattern(*VERBS).search(between)
        return that.end() if plain else None

    def quote_behind_adjunct(self, place: int, end: int) -> Span | None:
        """Return the quote behind when, where or to whom: said in an interview on Monday, "..."."""
        quote = next(iter(self.quotes_from(place, min(end, place + LONGEST_ADJUNCT))), None)
        if quote is None or words(self.text, quote) < FEWEST_WORDS:
            return None
        between = self.text[place : quote[0] - 1]
        plain = re.fullmatch(r"[^.!?;:،,]*[,،]\s*", between) and not self.pack.pattern(*VERBS, "that").search(between)
        return quote if plain else None

    def with_quotes(self, content: Span, place: int, end: int) -> tuple[Span, ...]:
        """Return a content with the quote that goes on behind the speaker, if there is one."""
        behind = next(iter(self.quotes_from(place, end)), None)
        if self.in_quote(content[0]) != content or behind is None or words(self.text, (place, behind[0])):
            return (content,)
        return (content, behind)

    def kind(self, content: Span, what: str) -> str:
        """Return the kind of a statement."""
        if what == "believes":
            return "belief"
        inside = [quote for quote in self.quotes_from(content[0] - LONGEST, content[1]) if overlap(quote, content)]
        if any(quote[0] <= content[0] + 1 and content[1] - 1 <= quote[1] for quote in inside):
            return "direct"
        return "mixed" if any(words(self.text, quote) >= 2 for quote in inside) else "indirect"
