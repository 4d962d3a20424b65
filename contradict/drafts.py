"""Drafts: what each rule would change in a claim, as edits of its text and the label that follows."""

from __future__ import annotations

import functools
import itertools
import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from contradict.lexicon import Entry, Lexicon, Match
from contradict.numerals import Numeral, numerals, other_value, rounded_bounds, written

__all__ = ["RULES", "Draft", "Edit", "drafts"]

CONTRADICTION, ENTAILMENT, NEUTRAL = "contradiction", "entailment", "neutral"

_SWAPS = ("ordinal", "date", "place", "nationality", "actor", "cohyponym", "antonym", "quantifier")
# What is red may also be of wood, but it is not green: swapped under a negation, these say nothing of each other.
_EXCLUSIVE = ("place", "nationality", "actor", "cohyponym")
# Prices fall in May and in June, in Egypt and in Jordan: where there is room for both, these are not swapped.
_ONE_OF_ITS_KIND = (*_EXCLUSIVE, "date")
_DURATIONS = ("unit", "unit_time")  # what has not been for years has not been for hours either
_FRAME_RULES = {ENTAILMENT: "confirmation", NEUTRAL: "rumour", CONTRADICTION: "denial"}

RULES = (
    *("number", *_SWAPS, "negation", "number_outside", "denial"),
    *("synonym", "digits_words", "number_format", "hypernym", "number_within", "drop_modifier", "drop_detail"),
    *("confirmation", "hyponym", "number_beyond", "add_modifier", "add_detail", "rumour", "negated_swap", "other_day"),
)


class Edit(NamedTuple):
    """A piece of the claim, and what to put in its place."""

    start: int
    end: int
    new: str


class Draft(NamedTuple):
    """What a rule proposes: the edits of the claim that make the hypothesis, and those that make the premise."""

    rule: str
    label: str
    hypothesis: tuple[Edit, ...]
    premise: tuple[Edit, ...] = ()


def drafts(text: str, words: Lexicon, rng: random.Random) -> list[Draft]:
    """Return all that the rules would change in a text, family by family.

    Parameters
    ----------
    text
        The claim.
    words
        Its language.
    rng
        Draws the other words and numbers.

    """
    view = _View(text, words)
    return [draft for family in _FAMILIES for draft in family(view, rng)]


_ARTICLE = re.compile(r"(?<![\w'])([Aa]n?) $")
_LAST_WORD = re.compile(r"([^\W\d_]+)[.]? $")
_END = " .!。।۔"
_JOINS = ("-", "'", "’")


class _View:
    """A claim's text, and what the rules ask of it, found once."""

    def __init__(self, text: str, words: Lexicon) -> None:
        self.text = text
        self.words = words
        found = words.find(text)
        self.matches = [match for match in found if not self._in_name(match)]
        self.dated = words.dated(found)
        negators = words.negators.finditer(text) if words.negators else ()
        self.negator = next((found for found in negators if not self.in_fixed(found.start())), None)
        unsure = any(mark in text for mark in ("?", "؟", "？", "..."))
        self.uncertain = unsure or bool(words.uncertain and words.uncertain.search(text))
        self.narrowing = bool(words.downward and words.downward.search(text))
        self.leaves_room = bool(words.room and words.room.search(text))

    def in_fixed(self, place: int) -> bool:
        """Say whether a place in the text is part of a fixed name."""
        return any(
            match.start <= place < match.end and any(entry.rule == "fixed" for entry in match.entries)
            for match in self.matches
        )

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

    def edit(self, start: int, end: int, new: str) -> Edit:
        """Return the edit, with the capital letter and the English article that it needs."""
        if self.text[start].isupper() and not self.text[:start].strip(" \"'“«("):
            new = new[:1].upper() + new[1:]
        article = _ARTICLE.search(self.text, 0, start) if self.words.lang == "en" else None
        if article:
            right = "an" if _sounds_like_vowel(new or self.text[end:]) else "a"
            if right != article[1].lower():
                new = (right.capitalize() if article[1][0].isupper() else right) + " " + new
                start = article.start(1)
        return Edit(start, end, new)

    def inside(self) -> str | None:
        """Return the text as it stands inside a sentence, or None if its first word may be a name."""
        word = re.match(r"\w+", self.text)
        if not self.text[0].isupper():
            return self.text
        if word and word[0].lower() in self.words.openers:
            return self.text[0].lower() + self.text[1:]
        return None

    def _in_name(self, match: Match) -> bool:
        """Say whether the word is part of a longer name: "Berlin Wall", "North Vietnam", "Hammer Films"."""
        dated_or_first_name = any(entry.category in ("man", "woman", "month") for entry in match.entries)
        if self.words.capital_nouns or dated_or_first_name or self.text[match.start : match.end].islower():
            return False
        after = self.text[match.end : match.end + 3].lstrip("\"'“«(")
        before = _LAST_WORD.search(self.text, 0, match.start)
        named_before = before is not None and before[1][0].isupper() and before[1].lower() not in self.words.openers
        behind = after.strip(" \"'“«(")[:1] if after[:1] == " " else ""
        model = behind.isdigit() and any(entry.rule == "actor" for entry in match.entries)  # "Boeing 747"
        return named_before or behind.isupper() or model


def _sounds_like_vowel(text: str) -> bool:
    """Say whether English puts "an" before it."""
    word = text.lstrip().lower()
    if word.startswith(("hour", "honest", "honour", "honor", "heir")):
        return True
    if word.startswith(("uni", "use", "usu", "eu", "one", "once", "ut", "ura", "uk")) and not word.startswith("unin"):
        return False
    return word.startswith(("a", "e", "i", "o", "u", "8", "11", "18"))


# The rules. Each family looks at a claim and yields what could be done to it.


def _swaps(claim: _View, rng: random.Random) -> Iterator[Draft]:
    """Swap a word for another that cannot be true at the same time."""
    if claim.uncertain:
        return
    for match, entry, new in _swappable(claim, rng, _SWAPS):
        edit = claim.edit(match.start, match.end, new)
        if claim.negator is None:
            if not (claim.leaves_room and entry.rule in _ONE_OF_ITS_KIND):
                yield Draft(entry.rule, CONTRADICTION, (edit,))
        elif entry.rule in _EXCLUSIVE and entry.category not in _DURATIONS and _negated(claim, match.start):
            yield Draft("negated_swap", NEUTRAL, (edit,))


def _swappable(claim: _View, rng: random.Random, rules: Sequence[str]) -> Iterator[tuple[Match, Entry, str]]:
    """Give the words to swap, each with one word to put in its place."""
    text = claim.text.lower()
    for match in claim.matches:
        for entry in match.entries:
            if entry.rule in rules and _alone(claim, match, entry):
                apart = [form for form in entry.others() if not claim.words.alike(entry.form, form)]
                others = [form for form in apart if form.lower() not in text]
                if others:
                    yield match, entry, rng.choice(others)


def _alone(claim: _View, match: Match, entry: Entry) -> bool:
    """Say whether a word stands for itself: where two cities are named, one may be swapped and both claims be true."""
    words = claim.words
    if match.start == 0 and not {entry.rule, entry.category}.isdisjoint(words.not_first):
        return False  # "Dogs like meat" is of all dogs, and leaves it open what cats like
    if words.named_after and entry.category in words.names and not words.named_after.search(claim.text[: match.start]):
        return False  # "Egypt is hot" leaves it open whether Jordan is; "They met in Egypt" does not
    if entry.rule in ("actor", "nationality") and not _of_one_event(claim, match, entry):
        return False
    kin = (other for other in claim.matches if other.start != match.start)
    return not any(its.group is entry.group for other in kin for its in other.entries)


def _of_one_event(claim: _View, match: Match, entry: Entry) -> bool:
    """Say whether the claim tells what happened, or what someone is: both courts may be slow, one of them ruled."""
    words, text = claim.words, claim.text
    if words.happened is None or words.happened.search(text):
        return True
    if any(text[start:end] in words.base_of_past for start, end in words.tokens(text)):
        return True
    is_predicate = re.search(r"\b(?:is|are)\b[^,.;]{0,25}$", text[: match.start]) is not None
    return entry.rule == "nationality" and is_predicate


def _negated(claim: _View, start: int) -> bool:
    """Say whether the negation reaches a place in the text."""
    if claim.negator is None or claim.negator.end() > start:
        return False
    between = claim.text[claim.negator.end() : start]
    if re.search(r"[,;:.،]", between) or (claim.words.breaks and claim.words.breaks.search(between)):
        return False
    weak = claim.words.weak_negators
    reach = weak.search(claim.text, max(0, claim.negator.start() - 5)) if weak else None
    is_weak = reach is not None and reach.start() <= claim.negator.start() < reach.end()
    near = len(between.split()) <= 1 and not re.search(r"\d", between)
    return near or not is_weak  # "A man without a shirt rides a bike" is no negation of the bike


def _rewrites(claim: _View, _: random.Random) -> Iterator[Draft]:
    """Apply the regular expressions of the language: negation put in or taken away, quantifiers turned around."""
    if claim.uncertain:
        return
    for rewrite in claim.words.rewrites:
        found = rewrite.find.search(claim.text) if rewrite.negated == (claim.negator is not None) else None
        if found:
            yield Draft(rewrite.rule, rewrite.label, (_trimmed(claim, found, found.expand(rewrite.put)),))


def _trimmed(claim: _View, found: re.Match[str], new: str) -> Edit:
    """Return the edit without the words at its start that stay as they are."""
    start, end = found.span()
    kept = 0
    for number, (old_letter, new_letter) in enumerate(zip(claim.text[start:end], new), start=1):
        if old_letter != new_letter:
            break
        if old_letter == " ":
            kept = number
    return claim.edit(start + kept, end, new[kept:]) if kept < end - start else Edit(end, end, new[kept:])


def _pasts(claim: _View, _: random.Random) -> Iterator[Draft]:
    """Deny a past tense: "they opened fire" becomes "they did not open fire"."""
    words, text = claim.words, claim.text
    if not claim.asserts or not words.base_of_past:
        return
    tokens = words.tokens(text)
    for (before_start, before_end), (start, end) in itertools.pairwise(tokens):
        base = words.base_of_past.get(text[start:end])
        opens = not text[:before_start].strip(" \"'“«,") or text[:before_start].endswith(", ")
        together = text[before_end:start] == " "
        if base and opens and together and text[before_start:before_end].lower() in words.past_subjects:
            yield Draft("negation", CONTRADICTION, (Edit(start, end, f"did not {base}"),))
            return


def _synonyms(claim: _View, rng: random.Random) -> Iterator[Draft]:
    """Say the same in another word."""
    for match in claim.matches:
        for entry in match.entries:
            if entry.rule == "synonym" and (others := entry.others()):
                yield Draft("synonym", ENTAILMENT, (claim.edit(match.start, match.end, rng.choice(others)),))


def _hypernyms(claim: _View, _: random.Random) -> Iterator[Draft]:
    """Say it in a more general word, or start from the more general one."""
    if not claim.widens or claim.leaves_room:
        return
    told = claim.words.gendered and claim.words.gendered.search(claim.text)  # "a person and her son" is a woman
    for match in claim.matches:
        if match.start == 0 and "hypernym" in claim.words.not_first:
            continue  # "Children cry" is of all children, and does not say that people do
        for entry in match.entries:
            if entry.rule == "hypernym" and (others := entry.others()):
                edit = claim.edit(match.start, match.end, others[0])
                yield Draft("hypernym", ENTAILMENT, (edit,))
                if not told:
                    yield Draft("hyponym", NEUTRAL, (), (edit,))


def _numbers(claim: _View, rng: random.Random) -> Iterator[Draft]:
    """Change a number, or say it in another way."""
    for numeral in claim.numerals:
        start, end = numeral.start, numeral.end
        for rule, same in written(numeral, claim.words):
            yield Draft(rule, ENTAILMENT, (claim.edit(start, end, same),))
        if not claim.asserts or numeral.is_bounded:
            continue
        if numeral.is_year:
            if not claim.leaves_room:
                yield Draft("date", CONTRADICTION, (Edit(start, end, numeral.year_near(rng)),))
            continue
        if (value := other_value(numeral, rng, claim.words)) is not None:
            yield Draft("number", CONTRADICTION, (claim.edit(start, end, numeral.like(value, claim.words, rng)),))
        if numeral.is_free and not claim.narrowing:
            for holds, phrase in rounded_bounds(numeral, rng, claim.words):
                edit = claim.edit(start, end, phrase)
                if holds:
                    yield Draft("number_within", ENTAILMENT, (edit,))
                    yield Draft("number_beyond", NEUTRAL, (), (edit,))
                else:
                    yield Draft("number_outside", CONTRADICTION, (edit,))


def _modifiers(claim: _View, _: random.Random) -> Iterator[Draft]:
    """Leave out an adjective that only says more: an old man is a man, but a fake pistol is no pistol."""
    words, text = claim.words, claim.text
    if not claim.widens or not words.modifiers:
        return
    tokens = words.tokens(text)
    for (before_start, before_end), (start, end), (after_start, after_end) in zip(tokens, tokens[1:], tokens[2:]):
        before, noun = text[before_start:before_end].lower(), text[after_start:after_end]
        together = (
            text[before_end:start] == " " == text[end:after_start] and text[after_end : after_end + 1] not in _JOINS
        )
        plain_noun = noun.islower() and noun not in words.not_nouns and noun not in words.modifiers
        named = before in words.determiners and text[start:end] in words.modifiers
        if together and plain_noun and named and not claim.in_fixed(start):  # "hot dog"
            edit = claim.edit(start, after_start, "")
            yield Draft("drop_modifier", ENTAILMENT, (edit,))
            yield Draft("add_modifier", NEUTRAL, (), (edit,))


def _details(claim: _View, rng: random.Random) -> Iterator[Draft]:
    """Say when, where or why as well: more than the claim says, which in turn follows from it."""
    text, words = claim.text, claim.words
    phrase = rng.choice(words.undated_details if claim.dated else words.details)
    if not claim.widens or text[-1] in "\"'”’»):;,-" or phrase in text:
        return
    if words.detail_front:
        edit = Edit(0, 0, phrase + words.detail_joint)
    else:
        end = len(text.rstrip(_END))
        edit = Edit(end, end, " " + phrase)
    yield Draft("add_detail", NEUTRAL, (edit,))
    yield Draft("drop_detail", ENTAILMENT, (), (edit,))


def _frames(claim: _View, rng: random.Random) -> Iterator[Draft]:
    """Put the claim into a sentence that confirms, doubts or denies it."""
    if claim.uncertain:
        return
    for label, frames in claim.words.frames.items():
        head, _, _ = rng.choice(frames).partition("{}")
        inside = claim.text if head.rstrip().endswith((":", "：")) else claim.inside()
        if inside is not None:
            yield Draft(_FRAME_RULES[label], label, (), (Edit(0, 1, head + inside[0]),))


def _other_days(claim: _View, rng: random.Random) -> Iterator[Draft]:
    """Let two claims that differ speak of two different days."""
    inside = claim.inside()
    dated = claim.dated or any(numeral.is_year for numeral in claim.numerals)
    if inside is None or not claim.asserts or dated:
        return
    rules = ("antonym", "cohyponym", "place")
    spots = [claim.edit(match.start, match.end, new) for match, _, new in _swappable(claim, rng, rules)]
    for numeral in claim.numerals:
        value = None if numeral.is_year or numeral.is_bounded else other_value(numeral, rng, claim.words)
        if value is not None:
            spots.append(claim.edit(numeral.start, numeral.end, numeral.like(value, claim.words, rng)))
    spots = [spot for spot in spots if spot.start > 0]
    if spots:
        one, two = (day.partition("{}")[0] + inside[0] for day in rng.sample(claim.words.days, 2))
        yield Draft("other_day", NEUTRAL, (Edit(0, 1, two), rng.choice(spots)), (Edit(0, 1, one),))


_FAMILIES: tuple[Callable[[_View, random.Random], Iterator[Draft]], ...] = (
    *(_swaps, _rewrites, _pasts, _synonyms, _hypernyms, _numbers, _modifiers, _details, _frames, _other_days),
)
