"""Evidence: what differs between two claims, what kind of conflict that makes, and what speaks against it.

Nothing here decides in silence. A caveat is shown with the conflict; the two rules that change what counts as a
conflict (`Evidence.decisive`, `Evidence.harmless`) carry their reason in words.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from contradict.evidence.days import in_common, shown
from contradict.evidence.reading import KEPT, Amount, Counted, Reading, language_of, read
from contradict.evidence.wordlists import Span, pattern
from contradict.lexicon import lexicon

if TYPE_CHECKING:
    from contradict.claims import Claim

__all__ = ["KINDS", "Caveat", "Difference", "Evidence", "evidence", "one_report"]

KINDS = ("negation", "number", "date", "entity", "content")
COPY_LEAST_WORDS = 8  # of two texts that are versions of one report
COPY_WORDS = 0.7  # share of words that they have in common, where one is rewritten
SAME_EVENT_WORDS = 0.3  # share where they also name the same place, or the same day
SURE, LIKELY = 0.125, 0.5  # shares of the threshold where numbers of one event exclude each other
SAME_WORDS = 0.5  # share of words that two claims have in common where only a number can be what differs


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs, where it stands in each text (nowhere: None), and in words."""

    what: str
    a: Span | None
    b: Span | None
    reason: str


@dataclass(frozen=True, slots=True)
class Caveat:
    """Why a conflict may be none, by name and in words."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found in two claims.

    Attributes
    ----------
    kind
        One of `KINDS`: what would have to change for the conflict to go away.
    differences
        What differs, with spans in both texts.
    caveats
        What speaks against a conflict.
    decisive
        Why the texts exclude each other even if the NLI model is in doubt; None if they need not.
    share
        Of the threshold, what the probability must reach: 1, or less where `decisive` says why.
    harmless
        Why the pair is no conflict although the NLI model may say so; None if nothing says that.
    """

    kind: str = "content"
    differences: tuple[Difference, ...] = field(default=())
    caveats: tuple[Caveat, ...] = field(default=())
    decisive: str | None = None
    harmless: str | None = None
    share: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "kind": self.kind,
            "differences": [
                [one.what, one.a and list(one.a), one.b and list(one.b), one.reason] for one in self.differences
            ],
            "caveats": [[caveat.name, caveat.reason] for caveat in self.caveats],
            "decisive": self.decisive,
            "harmless": self.harmless,
            "share": self.share,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Evidence:
        """Return what `to_dict` wrote."""
        differences = tuple(
            Difference(what, tuple(a) if a else None, tuple(b) if b else None, reason)
            for what, a, b, reason in data["differences"]
        )
        caveats = tuple(Caveat(*caveat) for caveat in data["caveats"])
        return cls(data["kind"], differences, caveats, data["decisive"], data["harmless"], data["share"])


def evidence(
    a: Claim, b: Claim, *, probability: float | None = None, unsure: tuple[float, float] | None = None
) -> Evidence:
    """Return what differs between two claims, the kind of conflict, and its caveats.

    Parameters
    ----------
    a, b
        The claims.
    probability
        Of a contradiction, if it was judged.
    unsure
        The probabilities of which the calibration can say neither; within them the caveat is `low_confidence`.
    """
    left, right = (read(claim.text, claim.lang, claim.date) for claim in (a, b))
    languages = [language_of(claim.text, claim.lang) for claim in (a, b)]
    same_language = languages[0] == languages[1]
    excluding, fitting, scoped = compare_amounts(a.text, left, b.text, right, same_language=same_language)
    differences = [*excluding, *days_and_places(left, right), *negated(left, right)]
    if same_language:
        differences += [*antonyms(a.text, b.text, languages[0]), *names(left, right)]
    caveats = [*caveats_of_texts(left, right, scoped, differences), *caveats_of_claims(a, b, excluding)]
    if unsure and probability is not None and unsure[0] <= probability < unsure[1]:
        caveats.append(
            Caveat("low_confidence", f"the probability, {probability:.2f}, is where the calibration is unsure")
        )
    same_day = a.date is not None and b.date is not None and f"{a.date}"[:10] == f"{b.date}"[:10]
    decisive = harmless = None
    share = 1.0
    sure = not caveats or {caveat.name for caveat in caveats} <= {"reported_by_same_source", "low_confidence"}
    counted = [one for one in excluding if one.what == "number"]
    if counted and sure and (like := same_event(left, right, same_language=same_language, same_day=same_day)):
        decisive, share = counted[0].reason, like
    if fitting and not differences and same_language and overlap(left, right) >= SAME_WORDS:
        harmless = fitting[0].reason
    elif same_language and not decisive:
        harmless = copied(left, right, differences)
    return Evidence(kind_of(differences), (*differences, *fitting), tuple(caveats), decisive, harmless, share)


def forget(more_than: int = 16_384) -> None:
    """Forget what was read, if it is more than so many texts: a run needs all of its own, and none afterwards."""
    if read.cache_info().currsize > more_than:
        read.cache_clear()
        opposites.cache_clear()


def compare_amounts(
    a: str, left: Reading, b: str, right: Reading, *, same_language: bool
) -> tuple[list[Difference], list[Difference], list[Difference]]:
    """Return amounts of the same thing that exclude each other, that fit though written apart, and of parts."""
    same_day = bool(in_common(left.days, right.days))
    excluding: list[Difference] = []
    fitting: list[Difference] = []
    scoped: list[Difference] = []
    doubtful: set[Difference] = set()
    for one in left.amounts:
        for other in right.amounts:
            if not same_thing(one, other, same_language=same_language):
                continue
            quoted = f"“{a[slice(*one.span)]}” and “{b[slice(*other.span)]}”"
            who = different_groups(one.of, other.of, same_language=same_language)
            if who and one.excludes(other):
                scoped.append(Difference("scope", one.span, other.span, f"{quoted} count different groups ({who})"))
            elif one.excludes(other):
                row = Difference("number", one.span, other.span, f"{quoted} of the same cannot both hold")
                excluding.append(row)
                part = one.of.part != other.of.part and not one.of.groups
                if part or (one.of.total != other.of.total and not same_day):
                    reason = f"{quoted}: only one is a part, or a total"
                    scoped.append(Difference("scope", one.span, other.span, reason))
                    doubtful.add(row)
            elif not (one.exact and other.exact):
                fitting.append(Difference("number_fits", one.span, other.span, f"{quoted} can both hold"))
    # a count that stands in both texts was found again: what excludes it is another count
    matched = {
        span
        for one in left.amounts
        for other in right.amounts
        if one.low == other.low and one.exact and other.exact and same_thing(one, other, same_language=same_language)
        for span in (("a", one.span), ("b", other.span))
    }
    excluding = [row for row in excluding if ("a", row.a) not in matched and ("b", row.b) not in matched]
    # where counts of the same exclude each other, it says nothing that the texts also count something else
    return excluding, fitting, [] if {*excluding} - doubtful else scoped


def same_thing(one: Amount, other: Amount, *, same_language: bool) -> bool:
    """Say whether two amounts count the same: the same event, or the same noun where no event is named."""
    if one.percent != other.percent:
        return False
    if one.of.events or other.of.events:
        return bool(one.of.events & other.of.events)
    if one.of.groups or other.of.groups:
        return one.of.groups == other.of.groups
    return same_language and bool(one.of.noun) and one.of.noun == other.of.noun


def different_groups(one: Counted, other: Counted, *, same_language: bool) -> str:
    """Return who is counted by only one of two amounts; empty where both count the same, as far as can be told."""
    if one.groups != other.groups:
        return ", ".join(sorted(one.groups ^ other.groups))
    if one.groups or not same_language or one.noun == other.noun or (one.anyone and other.anyone):
        return ""
    return ", ".join(sorted(side.noun for side in (one, other) if not side.anyone))


def days_and_places(left: Reading, right: Reading) -> list[Difference]:
    """Return days, times and places where each text names some and none is in both."""
    found = []
    for what, ours, theirs in (
        ("date", left.days, right.days),
        ("time", left.times, right.times),
        ("place", left.places, right.places),
    ):
        in_one, in_other = (sorted({one.value for one in side}) for side in (ours, theirs))
        common = in_common(ours, theirs) if what == "date" else {*in_one} & {*in_other}
        if ours and theirs and not common:
            if what == "date":
                in_one, in_other = ([shown(day) for day in side] for side in (in_one, in_other))
            reason = f"another {what}: {', '.join(in_one)} in one, {', '.join(in_other)} in the other"
            found.append(Difference(what, ours[0].span, theirs[0].span, reason))
    return found


def negated(left: Reading, right: Reading) -> list[Difference]:
    """Return the negation that only one of the texts has."""
    if bool(left.negations) == bool(right.negations):
        return []
    spans = (left.negations[0] if left.negations else None, right.negations[0] if right.negations else None)
    return [Difference("negation", *spans, "only one of the two has a negation")]


def antonyms(a: str, b: str, code: str) -> list[Difference]:
    """Return the words of which one text has the opposite, as the lexicon lists it."""
    there = {b[slice(*span)].casefold(): span for span, _ in opposites(b, code)}
    found = []
    for span, others in opposites(a, code):
        other = next((form for form in others if form in there), None)
        if other:
            found.append(Difference("antonym", span, there[other], f"“{a[slice(*span)]}” against “{other}”"))
    return found


@functools.lru_cache(maxsize=KEPT)
def opposites(text: str, code: str) -> tuple[tuple[Span, tuple[str, ...]], ...]:
    """Return each word of a text that the lexicon has, with its opposites."""
    return tuple(
        (
            (match.start, match.end),
            tuple(form.casefold() for entry in match.entries if entry.rule == "antonym" for form in entry.others()),
        )
        for match in lexicon(code).find(text)
    )


def names(left: Reading, right: Reading) -> list[Difference]:
    """Return the first name of each text that the other does not have."""
    ours = [
        one for one in left.names if one.value not in right.words and one.value not in {n.value for n in right.names}
    ]
    theirs = [
        one for one in right.names if one.value not in left.words and one.value not in {n.value for n in left.names}
    ]
    if not (ours and theirs):
        return []
    return [Difference("name", ours[0].span, theirs[0].span, "each names something that the other does not")]


def caveats_of_texts(
    left: Reading, right: Reading, scoped: list[Difference], differences: list[Difference]
) -> list[Caveat]:
    """Return what the texts themselves say against a conflict."""
    by_what = {difference.what: difference.reason for difference in differences}
    caveats = [Caveat(f"different_{what}", by_what[what]) for what in ("date", "place") if what in by_what]
    if scoped:
        caveats.append(Caveat("different_scope", scoped[0].reason))
    elif "number" not in by_what and {one.value for one in left.scopes} != {one.value for one in right.scopes}:
        caveats.append(Caveat("different_scope", "only one of the two speaks of a part, or of a total"))
    if bool(left.hedges) != bool(right.hedges):
        caveats.append(Caveat("hedged", "only one of the two is sure of what it says"))
    return caveats


def caveats_of_claims(a: Claim, b: Claim, excluding: list[Difference]) -> list[Caveat]:
    """Return what dates and sources say against a conflict."""
    caveats = []
    days = [None if claim.date is None else claim.date.isoformat()[:10] for claim in (a, b)]
    if excluding and all(days) and days[0] != days[1]:
        caveats.append(
            Caveat("later_update", f"said on {days[0]} and {days[1]}: the later count may update the earlier")
        )
    if a.source and b.source and a.source.casefold() == b.source.casefold():
        caveats.append(Caveat("reported_by_same_source", f"both are carried by {a.source}"))
    return caveats


def overlap(left: Reading, right: Reading) -> float:
    """Return the share of words that two texts have in common, the words of bounds left out."""
    ours, theirs = ({word for word in side.words if not pattern("bound").fullmatch(word)} for side in (left, right))
    return len(ours & theirs) / max(1, len(ours | theirs))


def copied(left: Reading, right: Reading, differences: list[Difference]) -> str | None:
    """Return why two texts are one report with another date line, if they are.

    All words of one stand in the other in their order, those of the date line left out, and nothing differs but days.
    """
    if any(one.what not in ("date", "time") for one in differences):
        return None
    shorter, longer = sorted(
        ([word for word in side.in_order if word not in side.dateline] for side in (left, right)), key=len
    )
    rest = iter(longer)
    if len(shorter) < COPY_LEAST_WORDS or not all(word in rest for word in shorter):
        return None
    return "one report in two versions: one says all that the other does, in the same words, date lines left out"


def one_report(a: Claim, b: Claim) -> bool:
    """Say whether two texts are copies of one report: nothing differs, and nearly all words are the same.

    Or all words of one stand in the other in their order, but for a date line.
    """
    left, right = (read(claim.text, claim.lang, claim.date) for claim in (a, b))
    language = language_of(a.text, a.lang)
    if language != language_of(b.text, b.lang) or min(len(left.in_order), len(right.in_order)) < COPY_LEAST_WORDS:
        return False
    numbers = [sorted((one.low, one.high) for one in side.amounts) for side in (left, right)]
    differences = [*days_and_places(left, right), *negated(left, right), *antonyms(a.text, b.text, language)]
    differences += names(left, right)
    if differences or numbers[0] != numbers[1]:
        return False
    return overlap(left, right) >= COPY_WORDS or copied(left, right, []) is not None


def same_event(left: Reading, right: Reading, *, same_language: bool, same_day: bool) -> float | None:
    """Return what share of the threshold is enough if two texts tell of one event; None if nothing says that they do.

    They do for sure if they name the same day, and the same place or like words; across languages, where no words can
    be compared, the same place or none. They may if they name the same day or were said on one (`same_day`), and the
    same place or some of the words are the same; or if half of the words are, and neither names what the other does
    not. One place, or one weekday, is not enough: much happens in a city at war.
    """
    places = {one.value for one in left.places} & {one.value for one in right.places}
    days = in_common(left.days, right.days)
    dated = any("-" in day for day in days)  # no bare weekday, no bare year
    nowhere = not (left.places or right.places)
    shared = overlap(left, right) if same_language else 0.0
    if dated and (places or (nowhere if not same_language else shared >= SAME_WORDS)):
        return SURE
    if shared >= SAME_WORDS and not names(left, right):
        return LIKELY
    if not (dated or same_day):
        return None
    return LIKELY if places or (nowhere if not same_language else shared >= SAME_EVENT_WORDS) else None


def kind_of(differences: list[Difference]) -> str:
    """Return the kind of a conflict from what differs; the first of the list that is there."""
    there = {difference.what for difference in differences}
    for what, kind in (
        ("negation", "negation"),
        ("number", "number"),
        ("place", "entity"),
        ("date", "date"),
        ("name", "entity"),
        ("time", "date"),
    ):
        if what in there:
            return kind
    return "content"
