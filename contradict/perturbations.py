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

The rules err: where both claims may hold all the same, on figurative speech, on words that have another sense. How
often a reader would not have given the label stands in docs/perturbations.md, by rule and language. As is the custom
of the field, two claims are taken to speak of the same event: "The dog runs" and "The cat runs" contradict each other.

================== ============= =========================================================================
rule               label         what is changed
================== ============= =========================================================================
``number``         contradiction a number, in digits or words, for one that differs clearly
``ordinal``        contradiction second, third ...
``date``           contradiction a weekday, month, season or year
``place``          contradiction a country, city or province
``nationality``    contradiction an adjective or name of a nation
``actor``          contradiction an organisation, armed group, office, party, well-known or first name
``cohyponym``      contradiction a colour, animal, vehicle, profession, unit ... for another
``antonym``        contradiction opened / closed, before / after, allow / forbid ...
``negation``       contradiction a plain negation put in or taken away, where the grammar is sure
``quantifier``     contradiction all / none, always / never, many / few ...
``number_outside`` contradiction the number for a bound that it breaks: 14 / "more than 20"
``denial``         contradiction "It is not true that ..." before the premise
``synonym``        entailment    a word for one that says the same
``digits_words``   entailment    4 / four
``number_format``  entailment    5000 / 5,000
``hypernym``       entailment    a word for a more general one: tea / a drink, in Aleppo / in Syria
``number_within``  entailment    the number for a bound that it keeps: 14 / "at least 10"
``drop_modifier``  entailment    an adjective left out
``drop_detail``    entailment    a time, place or reason, put at the end of the premise, left out
``confirmation``   entailment    "It has been confirmed that ..." before the premise
``hyponym``        neutral       ``hypernym`` the other way
``number_beyond``  neutral       ``number_within`` the other way
``add_modifier``   neutral       ``drop_modifier`` the other way
``add_detail``     neutral       ``drop_detail`` the other way
``rumour``         neutral       "It is possible that ..." before the premise
``negated_swap``   neutral       what ``place``, ``cohyponym`` ... swap, but behind a negation
``other_day``      neutral       two different days at the start, and one thing more
================== ============= =========================================================================
"""

from __future__ import annotations

import functools
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contradict.claims import read_claims
from contradict.drafts import RULES, Draft, Edit, drafts
from contradict.errors import OptionError, did_you_mean
from contradict.lexicon import languages, lexicon

__all__ = ["RULES", "Perturbation", "perturb"]

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
        found = [draft for draft in drafts(claim.text, words, rng) if draft.rule in wanted]
        pairs += [_pair(claim.text, draft, words.lang) for draft in _drawn(found, rng, per_claim)]
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


def _drawn(found: list[Draft], rng: random.Random, most: int | None) -> list[Draft]:
    """Return the drafts in random order, one of each rule before a second of any."""
    rng.shuffle(found)
    turns: dict[str, int] = {}
    ranked = []
    for place, draft in enumerate(found):
        turns[draft.rule] = turns.get(draft.rule, 0) + 1
        ranked.append((turns[draft.rule], place, draft))
    return [draft for _, _, draft in sorted(ranked, key=lambda row: row[:2])][:most]


def _pair(text: str, draft: Draft, lang: str) -> Perturbation:
    premise, premise_spans = _applied(text, draft.premise, draft.hypothesis)
    hypothesis, hypothesis_spans = _applied(text, draft.hypothesis, draft.premise)
    return Perturbation(premise, hypothesis, draft.label, draft.rule, lang, premise_spans, hypothesis_spans)


def _applied(text: str, edits: Sequence[Edit], other: Sequence[Edit]) -> tuple[str, tuple[Span, ...]]:
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
