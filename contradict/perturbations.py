"""Perturbations: minimal test pairs made of real claims by changing one thing, with the label that follows from it."""

from __future__ import annotations

import functools
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contradict.claims import read_claims
from contradict.errors import OptionError, did_you_mean
from contradict.lexicon import Entry, Lexicon, Match, languages, lexicon
from contradict.numerals import Numeral, numerals, other_value, rounded_bounds, written

__all__ = ["RULES", "Perturbation", "perturb"]

CONTRADICTION, ENTAILMENT, NEUTRAL = "contradiction", "entailment", "neutral"

RULES = (
    "number",
    "ordinal",
    "date",
    "place",
    "nationality",
    "actor",
    "cohyponym",
    "antonym",
    "negation",
    "quantifier",
    "number_outside",
    "denial",
    "synonym",
    "digits_words",
    "number_format",
    "hypernym",
    "number_within",
    "drop_modifier",
    "drop_detail",
    "confirmation",
    "hyponym",
    "number_beyond",
    "add_modifier",
    "add_detail",
    "rumour",
    "negated_swap",
    "other_day",
)
_SWAPS = ("ordinal", "date", "place", "nationality", "actor", "cohyponym", "antonym", "quantifier")
# What is red may also be of wood, but it is not green: swapped under a negation, these say nothing of each other.
_EXCLUSIVE = ("place", "nationality", "actor", "cohyponym")
_FRAME_RULES = {ENTAILMENT: "confirmation", NEUTRAL: "rumour", CONTRADICTION: "denial"}

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Perturbation:
    """A pair of texts of which one is a real claim and the other the claim with one thing changed.

    Parameters
    ----------
    premise, hypothesis
        The texts. The claim is the hypothesis where the rule makes the longer or the surer text of it.
    label
        ``contradiction``, ``entailment`` or ``neutral``, read from the premise to the hypothesis.
    rule
        What was done, one of `RULES`.
    lang
        Language of both.
    premise_spans, hypothesis_spans
        Start and end of what differs, in characters of each text.

    """

    premise: str
    hypothesis: str
    label: str
    rule: str
    lang: str
    premise_spans: tuple[Span, ...]
    hypothesis_spans: tuple[Span, ...]


class _Edit(NamedTuple):
    start: int
    end: int
    new: str


class _Draft(NamedTuple):
    """What a rule proposes: the edits that make the premise and those that make the hypothesis of the claim."""

    rule: str
    label: str
    hypothesis: tuple[_Edit, ...]
    premise: tuple[_Edit, ...] = ()


class _Claim:
    """A text and what the rules ask of it, found once."""

    def __init__(self, text: str, words: Lexicon) -> None:
        self.text = text
        self.words = words
        self.matches = words.find(text)
        self.negator = words.negators.search(text) if words.negators else None
        unsure = "?" in text or "؟" in text or "？" in text or "..." in text
        self.uncertain = unsure or bool(words.uncertain and words.uncertain.search(text))
        self.narrowing = bool(words.downward and words.downward.search(text))

    @functools.cached_property
    def numerals(self) -> list[Numeral]:
        return numerals(self.text, self.words, self.matches)

    @property
    def asserts(self) -> bool:
        """Whether the claim says plainly that something is so."""
        return not self.uncertain and self.negator is None

    @property
    def widens(self) -> bool:
        """Whether a more general word makes a weaker claim of it."""
        return self.asserts and not self.narrowing

    def edit(self, start: int, end: int, new: str) -> _Edit:
        """Return the edit, with the capital letter and the English article that it needs."""
        old = self.text[start:end]
        if old[:1].isupper() and not self.text[:start].strip(" \"'“«("):
            new = new[:1].upper() + new[1:]
        article = _ARTICLE.search(self.text, 0, start) if self.words.lang == "en" else None
        if article:
            following = new or self.text[end:]
            right = "an" if _sounds_like_vowel(following) else "a"
            if right != article[1].lower():
                new = (right.capitalize() if article[1][0].isupper() else right) + " " + new
                start = article.start(1)
        return _Edit(start, end, new)

    def lowered_start(self) -> str | None:
        """Return the text as it stands inside a sentence, or None if the first word may be a name."""
        first = self.text[:1]
        if not first.isupper():
            return self.text
        word = re.match(r"\w+", self.text)
        if word and word[0].lower() in self.words.openers:
            return first.lower() + self.text[1:]
        return None


_ARTICLE = re.compile(r"(?<![\w'])([Aa]n?) $")


def perturb(
    claims: object,
    *,
    lang: str | None = None,
    rules: Iterable[str] | None = None,
    seed: int = 0,
    per_claim: int | None = 4,
) -> list[Perturbation]:
    """Make minimal pairs of claims: contradictions, and the entailments and neutral pairs that look like them.

    Parameters
    ----------
    claims
        Whatever `read_claims` takes.
    lang
        Language of the claims that do not say it themselves.
    rules
        Names of the rules to use (see `RULES`); by default all.
    seed
        Another seed draws other places and other words. The same claim and seed give the same pairs, whatever
        other claims stand beside it.
    per_claim
        At most so many pairs of one claim, of as many different rules as there are; None for all.

    Returns
    -------
    list of Perturbation
        Claim by claim. A claim in which no rule finds anything to change has none.

    Raises
    ------
    OptionError
        If a rule is unknown, or a claim's language is unknown or has no word list.

    Examples
    --------
    >>> pair, = perturb("The strikes killed 14 people.", lang="en", rules=["number"])
    >>> pair.premise, pair.label
    ('The strikes killed 14 people.', 'contradiction')

    """
    wanted = _checked_rules(rules)
    pairs: list[Perturbation] = []
    for number, claim in enumerate(read_claims(claims), start=1):
        words = lexicon(_checked_lang(claim.lang or lang, number))
        rng = random.Random(f"{seed}:{words.lang}:{claim.text}")
        view = _Claim(claim.text, words)
        drafts = [draft for family in _FAMILIES for draft in family(view, rng) if draft.rule in wanted]
        pairs += [_pair(claim.text, draft, words.lang) for draft in _drawn(drafts, rng, per_claim)]
    return pairs


def _checked_rules(rules: Iterable[str] | None) -> frozenset[str]:
    wanted = frozenset(RULES if rules is None else rules)
    for rule in sorted(wanted - set(RULES)):
        message = f"{rule!r} is no rule{did_you_mean(rule, RULES)}; the rules are {', '.join(RULES)}"
        raise OptionError(message)
    return wanted


def _checked_lang(lang: str | None, number: int) -> str:
    code = (lang or "").replace("_", "-").split("-")[0].lower()
    if code not in languages():
        said = f"is in {lang!r}, which has no word list" if lang else "does not say its language"
        message = f"claim {number} {said}; pass lang= as one of {', '.join(languages())}"
        raise OptionError(message)
    return code


def _drawn(drafts: list[_Draft], rng: random.Random, most: int | None) -> list[_Draft]:
    """Return the drafts in random order, one of each rule before a second of any."""
    rng.shuffle(drafts)
    turns: dict[str, int] = {}
    ranked = []
    for place, draft in enumerate(drafts):
        turns[draft.rule] = turns.get(draft.rule, 0) + 1
        ranked.append((turns[draft.rule], place, draft))
    return [draft for _, _, draft in sorted(ranked, key=lambda row: row[:2])][:most]


def _pair(text: str, draft: _Draft, lang: str) -> Perturbation:
    premise, premise_spans = _applied(text, draft.premise, draft.hypothesis)
    hypothesis, hypothesis_spans = _applied(text, draft.hypothesis, draft.premise)
    return Perturbation(premise, hypothesis, draft.label, draft.rule, lang, premise_spans, hypothesis_spans)


def _applied(text: str, edits: Sequence[_Edit], other: Sequence[_Edit]) -> tuple[str, tuple[Span, ...]]:
    """Return the edited text and where it differs from the text that the other edits make."""
    own = {(edit.start, edit.end): edit.new for edit in edits}
    places = sorted({*own, *((edit.start, edit.end) for edit in other)})
    parts: list[str] = []
    spans: list[Span] = []
    done = length = 0
    for start, end in places:
        kept, new = text[done:start], own.get((start, end), text[start:end])
        parts += [kept, new]
        spans.append((length + len(kept), length + len(kept) + len(new)))
        length, done = spans[-1][1], end
    return "".join(parts) + text[done:], tuple(spans)


# The rules. Each family looks at a claim and yields what could be done to it.


def _swaps(claim: _Claim, rng: random.Random) -> Iterator[_Draft]:
    """Swap a word for another that cannot be true at the same time."""
    if claim.uncertain:
        return
    for match, entry, new in _swappable(claim, rng, _SWAPS):
        edit = claim.edit(match.start, match.end, new)
        if claim.negator is None:
            yield _Draft(entry.rule, CONTRADICTION, (edit,))
        elif entry.rule in _EXCLUSIVE and _in_reach(claim, match.start):
            yield _Draft("negated_swap", NEUTRAL, (edit,))


def _swappable(claim: _Claim, rng: random.Random, rules: Sequence[str]) -> Iterator[tuple[Match, Entry, str]]:
    for match in claim.matches:
        for entry in match.entries:
            if entry.rule in rules and _alone(claim, match, entry):
                others = [form for form in entry.others() if form.lower() not in claim.text.lower()]
                if others:
                    yield match, entry, rng.choice(others)


def _alone(claim: _Claim, match: Match, entry: Entry) -> bool:
    """Say whether no other word of the same kind is in the text: of two cities one may be swapped and both be true."""
    kin = (other for other in claim.matches if other.start != match.start)
    return not any(its.group is entry.group or its.term == entry.term and its.group == entry.group
                   for other in kin for its in other.entries)


def _in_reach(claim: _Claim, start: int) -> bool:
    negator = claim.negator
    return negator is not None and negator.end() <= start and not re.search(r"[,;:.،]", claim.text[negator.end() : start])


def _rewrites(claim: _Claim, rng: random.Random) -> Iterator[_Draft]:  # noqa: ARG001 -- one shape for all families
    """Apply the regular expressions of the language: negation put in or taken away, quantifiers turned around."""
    if claim.uncertain:
        return
    for rewrite in claim.words.rewrites:
        if rewrite.negated != (claim.negator is not None):
            continue
        found = rewrite.find.search(claim.text)
        if found:
            edit = claim.edit(found.start(), found.end(), found.expand(rewrite.put))
            yield _Draft(rewrite.rule, rewrite.label, (edit,))


def _synonyms(claim: _Claim, rng: random.Random) -> Iterator[_Draft]:
    """Say the same in another word."""
    for match in claim.matches:
        for entry in match.entries:
            if entry.rule == "synonym" and (others := entry.others()):
                yield _Draft("synonym", ENTAILMENT, (claim.edit(match.start, match.end, rng.choice(others)),))


def _hypernyms(claim: _Claim, rng: random.Random) -> Iterator[_Draft]:  # noqa: ARG001
    """Say it in a more general word, or start from the more general one."""
    if not claim.widens:
        return
    for match in claim.matches:
        for entry in match.entries:
            if entry.rule == "hypernym" and (others := entry.others()):
                edit = claim.edit(match.start, match.end, others[0])
                yield _Draft("hypernym", ENTAILMENT, (edit,))
                yield _Draft("hyponym", NEUTRAL, (), (edit,))


def _numbers(claim: _Claim, rng: random.Random) -> Iterator[_Draft]:
    """Change a number, or say it in another way."""
    for numeral in claim.numerals:
        start, end = numeral.start, numeral.end
        for same in written(numeral, numeral.value, claim.words):
            rule = "number_format" if numeral.is_digits and same[:1].isdigit() else "digits_words"
            yield _Draft(rule, ENTAILMENT, (claim.edit(start, end, same),))
        if numeral.is_year:
            if claim.asserts:
                yield _Draft("date", CONTRADICTION, (_Edit(start, end, numeral.year_near(rng)),))
            continue
        if numeral.is_bounded or not claim.asserts:
            continue
        value = other_value(numeral, rng, claim.words)
        if value is not None:
            yield _Draft("number", CONTRADICTION, (claim.edit(start, end, numeral.like(value, claim.words, rng)),))
        if numeral.is_free and not claim.narrowing:
            for label, phrase in rounded_bounds(numeral, rng, claim.words):
                edit = claim.edit(start, end, phrase)
                if label == ENTAILMENT:
                    yield _Draft("number_within", ENTAILMENT, (edit,))
                    yield _Draft("number_beyond", NEUTRAL, (), (edit,))
                else:
                    yield _Draft("number_outside", CONTRADICTION, (edit,))


def _modifiers(claim: _Claim, rng: random.Random) -> Iterator[_Draft]:  # noqa: ARG001
    """Leave out an adjective that only says more: an old man is a man, but a fake pistol is no pistol."""
    words, text = claim.words, claim.text
    if not claim.widens or not words.modifiers:
        return
    tokens = words.tokens(text)
    for (before_start, before_end), (start, end), (after_start, after_end) in zip(tokens, tokens[1:], tokens[2:]):
        together = text[before_end:start] == " " == text[end:after_start]
        noun = text[after_start:after_end]
        if (
            together
            and text[start:end] in words.modifiers
            and text[before_start:before_end].lower() in words.determiners
            and noun.islower()
            and noun not in words.not_nouns
            and noun not in words.modifiers
            and text[after_end : after_end + 1] not in ("-", "'", "’")
        ):
            edit = claim.edit(start, after_start, "")
            yield _Draft("drop_modifier", ENTAILMENT, (edit,))
            yield _Draft("add_modifier", NEUTRAL, (), (edit,))


def _details(claim: _Claim, rng: random.Random) -> Iterator[_Draft]:
    """Say when, where or why as well: more than the claim says, which in turn follows from it."""
    text, words = claim.text, claim.words
    if not claim.widens or not words.details or text[-1:] in "\"'”’»):;,-":
        return
    phrase = rng.choice(words.details)
    if phrase in text:
        return
    if words.detail_front:
        edit = _Edit(0, 0, phrase + (" " if words.spaces else "，"))
    else:
        end = len(text.rstrip(" .!。।۔"))
        edit = _Edit(end, end, " " + phrase)
    yield _Draft("add_detail", NEUTRAL, (edit,))
    yield _Draft("drop_detail", ENTAILMENT, (), (edit,))


def _frames(claim: _Claim, rng: random.Random) -> Iterator[_Draft]:
    """Put the claim into a sentence that confirms, doubts or denies it."""
    if claim.uncertain:
        return
    for label, frames in claim.words.frames.items():
        frame = rng.choice(frames)
        head, _, tail = frame.partition("{}")
        inside = claim.text if head.rstrip().endswith((":", "：")) else claim.lowered_start()
        if inside is None:
            continue
        edits = [_Edit(0, 1, head + inside[:1])]
        if tail:
            end = len(claim.text.rstrip(" .!。।۔"))
            edits.append(_Edit(end, len(claim.text), tail))
        yield _Draft(_FRAME_RULES[label], label, (), tuple(edits))


def _other_days(claim: _Claim, rng: random.Random) -> Iterator[_Draft]:
    """Let two claims that differ speak of two different days."""
    days = claim.words.days
    inside = claim.lowered_start()
    dated = any(entry.rule == "date" for match in claim.matches for entry in match.entries)
    if len(days) < 2 or not claim.asserts or inside is None or dated:
        return
    choices = [(match, new) for match, entry, new in _swappable(claim, rng, ("antonym", "cohyponym", "place"))]
    spots = [claim.edit(match.start, match.end, new) for match, new in choices]
    for numeral in claim.numerals:
        if not (numeral.is_year or numeral.is_bounded) and (value := other_value(numeral, rng, claim.words)) is not None:
            spots.append(claim.edit(numeral.start, numeral.end, numeral.like(value, claim.words, rng)))
    spots = [spot for spot in spots if spot.start > 0]
    if spots:
        first, second = rng.sample(days, 2)
        premise = (_Edit(0, 1, first + inside[:1]),)
        yield _Draft("other_day", NEUTRAL, (_Edit(0, 1, second + inside[:1]), rng.choice(spots)), premise)


_FAMILIES = (_swaps, _rewrites, _synonyms, _hypernyms, _numbers, _modifiers, _details, _frames, _other_days)


def _sounds_like_vowel(text: str) -> bool:
    """Say whether English puts "an" before it."""
    word = re.match(r"\w+", text)
    if not word:
        return False
    start = word[0].lower()
    if start.startswith(("hour", "honest", "honour", "honor", "heir")):
        return True
    if start.startswith(("uni", "use", "usu", "eu", "one", "once", "ut", "ura", "uk")) and not start.startswith("unin"):
        return False
    return start[0] in "aeiou" or start.startswith(("8", "11", "18"))
