"""Perturbations: minimal test pairs made of real claims by changing one thing, with the label that follows from it.

A detector that has learned what two claims are about, but not to see the one word that differs, will find that they
agree. To learn whether yours does, perturb your own claims:

>>> pairs = perturb("The strikes killed 14 people in Aleppo.", lang="en", rules=["place", "hypernym"])
>>> for pair in sorted(pairs, key=lambda pair: pair.label):
...     print(f"{pair.label}: {pair.hypothesis}")
contradiction: The strikes killed 14 people in Odessa.
entailment: The strikes killed 14 people in Syria.

Every trick that makes a contradiction also makes pairs that are none; otherwise "the same but for a word" would be all
there is to learn. A city becomes another city (contradiction), its country (entailment), or comes from it (neutral).

The last columns say about how many labels of a hundred a reader would not have given, in English, Arabic and Russian
(30 to 100 pairs of a rule were read in English, 20 to 50 in the other two, with some allowance for what was mended
afterwards; "-": not read, or fewer than 15 pairs).
Most of those rest on figurative speech, on words that have another sense, or on claims so general that both may hold
("The country holds elections"). As is the custom of the field, two claims are taken to speak of the same event: "The
dog runs" and "The cat runs" contradict each other.

================== ============= ========================================================================= === === ===
rule               label         what is changed                                                            en  ar  ru
================== ============= ========================================================================= === === ===
``number``         contradiction a number, in digits or words, for one that differs clearly                  3   2   4
``ordinal``        contradiction second, third ...                                                           5   5   -
``date``           contradiction a weekday, month, season or year                                            2   2   2
``place``          contradiction a country, city or province                                                 6   4   5
``nationality``    contradiction an adjective or name of a nation                                            5   4   3
``actor``          contradiction an organisation, armed group, office, party, well-known or first name       6   6   4
``cohyponym``      contradiction a colour, animal, vehicle, profession, unit ... for another                 7   8   8
``antonym``        contradiction opened / closed, before / after, allow / forbid ...                         9   8   7
``negation``       contradiction a plain negation put in or taken away, where the grammar is sure            4   6   3
``quantifier``     contradiction all / none, always / never, many / few ...                                  3   8   4
``number_outside`` contradiction the number for a bound that it breaks: 14 / "more than 20"                  4   -   -
``denial``         contradiction "It is not true that ..." before the premise                                2   2   2
``synonym``        entailment    a word for one that says the same                                           4   4   5
``digits_words``   entailment    4 / four                                                                    1   2   2
``number_format``  entailment    5000 / 5,000                                                                1   -   -
``hypernym``       entailment    a word for a more general one: tea / a drink, in Aleppo / in Syria          5   6   8
``number_within``  entailment    the number for a bound that it keeps: 14 / "at least 10"                    4   3   5
``drop_modifier``  entailment    an adjective left out                                                       4   -   -
``drop_detail``    entailment    a time, place or reason, put at the end of the premise, left out            2   3   3
``confirmation``   entailment    "It has been confirmed that ..." before the premise                         2   -   -
``hyponym``        neutral       ``hypernym`` the other way                                                  5   6   8
``number_beyond``  neutral       ``number_within`` the other way                                             4   3   5
``add_modifier``   neutral       ``drop_modifier`` the other way                                             4   -   -
``add_detail``     neutral       ``drop_detail`` the other way                                               2   3   3
``rumour``         neutral       "It is possible that ..." before the premise                                2   -   -
``negated_swap``   neutral       what ``place``, ``cohyponym`` ... swap, but behind a negation               4   4   4
``other_day``      neutral       two different days at the start, and one thing more                         4   -   6
================== ============= ========================================================================= === === ===
"""

from __future__ import annotations

import functools
import itertools
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from contradict.claims import read_claims
from contradict.errors import OptionError, did_you_mean
from contradict.lexicon import Entry, Lexicon, Match, languages, lexicon
from contradict.numerals import Numeral, numerals, other_value, rounded_bounds, written

__all__ = ["RULES", "Perturbation", "perturb"]

CONTRADICTION, ENTAILMENT, NEUTRAL = "contradiction", "entailment", "neutral"

_SWAPS = ("ordinal", "date", "place", "nationality", "actor", "cohyponym", "antonym", "quantifier")
# What is red may also be of wood, but it is not green: swapped under a negation, these say nothing of each other.
_EXCLUSIVE = ("place", "nationality", "actor", "cohyponym")
_FRAME_RULES = {ENTAILMENT: "confirmation", NEUTRAL: "rumour", CONTRADICTION: "denial"}

RULES = (
    *("number", *_SWAPS, "negation", "number_outside", "denial"),
    *("synonym", "digits_words", "number_format", "hypernym", "number_within", "drop_modifier", "drop_detail"),
    *("confirmation", "hyponym", "number_beyond", "add_modifier", "add_detail", "rumour", "negated_swap", "other_day"),
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Perturbation:
    """A pair of texts of which one is a real claim, and the other the claim with one thing changed.

    Parameters
    ----------
    premise, hypothesis
        The texts. The claim is the hypothesis where the rule makes the longer, the vaguer or the surer text of it; only
        ``other_day`` changes both.
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
    """What a rule proposes: the edits of the claim that make the hypothesis, and those that make the premise."""

    rule: str
    label: str
    hypothesis: tuple[_Edit, ...]
    premise: tuple[_Edit, ...] = ()


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
    >>> [pair] = perturb("The strikes killed 14 people.", lang="en", rules=["antonym"], per_claim=1, seed=1)
    >>> pair.hypothesis, pair.label
    ('The strikes saved 14 people.', 'contradiction')

    """
    wanted = _checked_rules(rules)
    if per_claim is not None and per_claim < 1:
        message = f"per_claim={per_claim} leaves no pair; pass 1 or more, or None for all"
        raise OptionError(message)
    pairs: list[Perturbation] = []
    for number, claim in enumerate(read_claims(claims), start=1):
        words = lexicon(_checked_lang(claim.lang or lang, number))
        rng = random.Random(f"{seed}:{words.lang}:{claim.text}")
        view = _View(claim.text, words)
        drafts = [draft for family in _FAMILIES for draft in family(view, rng) if draft.rule in wanted]
        pairs += [_pair(claim.text, draft, words.lang) for draft in _drawn(drafts, rng, per_claim)]
    return pairs


def _checked_rules(rules: Iterable[str] | None) -> frozenset[str]:
    wanted = frozenset(RULES if rules is None else [rules] if isinstance(rules, str) else rules)
    for rule in sorted(wanted - set(RULES)):
        message = f"{rule!r} is no rule{did_you_mean(rule, RULES)}; the rules are {', '.join(RULES)}"
        raise OptionError(message)
    return wanted


@functools.cache
def _known_languages() -> tuple[str, ...]:
    return languages()


def _checked_lang(lang: str | None, number: int) -> str:
    code = (lang or "").replace("_", "-").split("-")[0].lower()
    if code not in _known_languages():
        said = f"is in {lang!r}, which has no word list" if lang else "does not say its language"
        message = f"claim {number} {said}; pass lang= as one of {', '.join(_known_languages())}"
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
    """Return the edited text, and where it differs from the text that the other edits make."""
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


_ARTICLE = re.compile(r"(?<![\w'])([Aa]n?) $")
_LAST_WORD = re.compile(r"([^\W\d_]+)[.]? $")
_END = " .!。।۔"
_JOINS = ("-", "'", "’")


class _View:
    """A claim's text, and what the rules ask of it, found once."""

    def __init__(self, text: str, words: Lexicon) -> None:
        self.text = text
        self.words = words
        self.matches = [match for match in words.find(text) if not self._in_name(match)]
        self.negator = words.negators.search(text) if words.negators else None
        unsure = any(mark in text for mark in ("?", "؟", "？", "..."))
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
        if self.text[start].isupper() and not self.text[:start].strip(" \"'“«("):
            new = new[:1].upper() + new[1:]
        article = _ARTICLE.search(self.text, 0, start) if self.words.lang == "en" else None
        if article:
            right = "an" if _sounds_like_vowel(new or self.text[end:]) else "a"
            if right != article[1].lower():
                new = (right.capitalize() if article[1][0].isupper() else right) + " " + new
                start = article.start(1)
        return _Edit(start, end, new)

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
        return named_before or (after[:1] == " " and after.strip(" \"'“«(")[:1].isupper())


def _sounds_like_vowel(text: str) -> bool:
    """Say whether English puts "an" before it."""
    word = text.lstrip().lower()
    if word.startswith(("hour", "honest", "honour", "honor", "heir")):
        return True
    if word.startswith(("uni", "use", "usu", "eu", "one", "once", "ut", "ura", "uk")) and not word.startswith("unin"):
        return False
    return word.startswith(("a", "e", "i", "o", "u", "8", "11", "18"))


# The rules. Each family looks at a claim and yields what could be done to it.


def _swaps(claim: _View, rng: random.Random) -> Iterator[_Draft]:
    """Swap a word for another that cannot be true at the same time."""
    if claim.uncertain:
        return
    for match, entry, new in _swappable(claim, rng, _SWAPS):
        edit = claim.edit(match.start, match.end, new)
        if claim.negator is None:
            yield _Draft(entry.rule, CONTRADICTION, (edit,))
        elif entry.rule in _EXCLUSIVE and _negated(claim, match.start):
            yield _Draft("negated_swap", NEUTRAL, (edit,))


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
    if entry.rule == "cohyponym" and match.start == 0 and claim.words.determiners:
        return False  # "Dogs like meat" is of all dogs, and leaves it open what cats like
    kin = (other for other in claim.matches if other.start != match.start)
    return not any(its.group is entry.group for other in kin for its in other.entries)


def _negated(claim: _View, start: int) -> bool:
    """Say whether the negation reaches a place in the text."""
    if claim.negator is None or claim.negator.end() > start:
        return False
    return re.search(r"[,;:.،]", claim.text[claim.negator.end() : start]) is None


def _rewrites(claim: _View, _: random.Random) -> Iterator[_Draft]:
    """Apply the regular expressions of the language: negation put in or taken away, quantifiers turned around."""
    if claim.uncertain:
        return
    for rewrite in claim.words.rewrites:
        found = rewrite.find.search(claim.text) if rewrite.negated == (claim.negator is not None) else None
        if found:
            yield _Draft(rewrite.rule, rewrite.label, (_trimmed(claim, found, found.expand(rewrite.put)),))


def _trimmed(claim: _View, found: re.Match[str], new: str) -> _Edit:
    """Return the edit without the words at its start that stay as they are."""
    start, end = found.span()
    kept = 0
    for number, (old_letter, new_letter) in enumerate(zip(claim.text[start:end], new), start=1):
        if old_letter != new_letter:
            break
        if old_letter == " ":
            kept = number
    return claim.edit(start + kept, end, new[kept:]) if kept < end - start else _Edit(end, end, new[kept:])


def _pasts(claim: _View, _: random.Random) -> Iterator[_Draft]:
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
            yield _Draft("negation", CONTRADICTION, (_Edit(start, end, f"did not {base}"),))
            return


def _synonyms(claim: _View, rng: random.Random) -> Iterator[_Draft]:
    """Say the same in another word."""
    for match in claim.matches:
        for entry in match.entries:
            if entry.rule == "synonym" and (others := entry.others()):
                yield _Draft("synonym", ENTAILMENT, (claim.edit(match.start, match.end, rng.choice(others)),))


def _hypernyms(claim: _View, _: random.Random) -> Iterator[_Draft]:
    """Say it in a more general word, or start from the more general one."""
    if not claim.widens:
        return
    for match in claim.matches:
        for entry in match.entries:
            if entry.rule == "hypernym" and (others := entry.others()):
                edit = claim.edit(match.start, match.end, others[0])
                yield _Draft("hypernym", ENTAILMENT, (edit,))
                yield _Draft("hyponym", NEUTRAL, (), (edit,))


def _numbers(claim: _View, rng: random.Random) -> Iterator[_Draft]:
    """Change a number, or say it in another way."""
    for numeral in claim.numerals:
        start, end = numeral.start, numeral.end
        for rule, same in written(numeral, claim.words):
            yield _Draft(rule, ENTAILMENT, (claim.edit(start, end, same),))
        if not claim.asserts or numeral.is_bounded:
            continue
        if numeral.is_year:
            yield _Draft("date", CONTRADICTION, (_Edit(start, end, numeral.year_near(rng)),))
            continue
        if (value := other_value(numeral, rng, claim.words)) is not None:
            yield _Draft("number", CONTRADICTION, (claim.edit(start, end, numeral.like(value, claim.words, rng)),))
        if numeral.is_free and not claim.narrowing:
            for holds, phrase in rounded_bounds(numeral, rng, claim.words):
                edit = claim.edit(start, end, phrase)
                if holds:
                    yield _Draft("number_within", ENTAILMENT, (edit,))
                    yield _Draft("number_beyond", NEUTRAL, (), (edit,))
                else:
                    yield _Draft("number_outside", CONTRADICTION, (edit,))


def _modifiers(claim: _View, _: random.Random) -> Iterator[_Draft]:
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
        if together and plain_noun and before in words.determiners and text[start:end] in words.modifiers:
            edit = claim.edit(start, after_start, "")
            yield _Draft("drop_modifier", ENTAILMENT, (edit,))
            yield _Draft("add_modifier", NEUTRAL, (), (edit,))


def _details(claim: _View, rng: random.Random) -> Iterator[_Draft]:
    """Say when, where or why as well: more than the claim says, which in turn follows from it."""
    text, words = claim.text, claim.words
    phrase = rng.choice(words.undated_details if words.dated(claim.matches) else words.details)
    if not claim.widens or text[-1] in "\"'”’»):;,-" or phrase in text:
        return
    if words.detail_front:
        edit = _Edit(0, 0, phrase + words.detail_joint)
    else:
        end = len(text.rstrip(_END))
        edit = _Edit(end, end, " " + phrase)
    yield _Draft("add_detail", NEUTRAL, (edit,))
    yield _Draft("drop_detail", ENTAILMENT, (), (edit,))


def _frames(claim: _View, rng: random.Random) -> Iterator[_Draft]:
    """Put the claim into a sentence that confirms, doubts or denies it."""
    if claim.uncertain:
        return
    for label, frames in claim.words.frames.items():
        head, _, _ = rng.choice(frames).partition("{}")
        inside = claim.text if head.rstrip().endswith((":", "：")) else claim.inside()
        if inside is not None:
            yield _Draft(_FRAME_RULES[label], label, (), (_Edit(0, 1, head + inside[0]),))


def _other_days(claim: _View, rng: random.Random) -> Iterator[_Draft]:
    """Let two claims that differ speak of two different days."""
    inside = claim.inside()
    if inside is None or not claim.asserts or claim.words.dated(claim.matches):
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
        yield _Draft("other_day", NEUTRAL, (_Edit(0, 1, two), rng.choice(spots)), (_Edit(0, 1, one),))


_FAMILIES: tuple[Callable[[_View, random.Random], Iterator[_Draft]], ...] = (
    *(_swaps, _rewrites, _pasts, _synonyms, _hypernyms, _numbers, _modifiers, _details, _frames, _other_days),
)
