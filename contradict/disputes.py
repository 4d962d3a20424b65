"""Disputes: conflicts and agreements joined, with the camps that stand against each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from contradict.claims import Claim
    from contradict.judged import JudgedPair

COMMON = 0.5  # weight of what two claims have in common: the same opponent, or the same ally


@dataclass(frozen=True)
class Camp:
    """Claims of one dispute that stand on one side.

    Attributes
    ----------
    claims
        By date, then id.
    representative
        The claim that its camp's conflicts rest on most.
    """

    claims: tuple[Claim, ...]
    representative: Claim

    @property
    def speakers(self) -> tuple[str, ...]:
        """Who answers for the claims, sorted."""
        return tuple(sorted({claim.asserter for claim in self.claims if claim.asserter}))


@dataclass(frozen=True)
class Dispute:
    """One question on which claims conflict.

    Attributes
    ----------
    camps
        Two or more, the one with most claims first.
    conflicts
        The pairs that conflict, most probable first.
    agreements
        The pairs of which one follows from the other.
    """

    camps: tuple[Camp, ...]
    conflicts: tuple[JudgedPair, ...]
    agreements: tuple[JudgedPair, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """All claims, by date, then id: the time line."""
        return in_time(claim for camp in self.camps for claim in camp.claims)

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the claims, sorted."""
        return tuple(sorted({claim.lang for claim in self.claims if claim.lang}))

    @property
    def days(self) -> tuple[datetime.date, datetime.date] | None:
        """First and last date of a claim; None where none is dated."""
        dated = [claim.date for claim in self.claims if claim.date]
        return (dated[0], dated[-1]) if dated else None

    def plot_timeline(self) -> Figure:
        """Return a figure of who said what when, a row for each camp; needs the extra ``figures``."""
        from contradict.render.figures import timeline_figure

        return timeline_figure(self)


def disputes_of(conflicts: Sequence[JudgedPair], agreements: Sequence[JudgedPair]) -> tuple[Dispute, ...]:
    """Join pairs into disputes.

    Claims that conflicts connect are one dispute; a claim without a conflict joins the one it agrees with most, and
    brings none of its own. The camps are clusters by mean signed weight: a
    conflict counts minus its probability, an agreement plus its entailment, and what two claims have in common (an
    opponent, an ally) counts for half. Two claims that conflict stand in one camp only if all else about them agrees.

    Parameters
    ----------
    conflicts, agreements
        Judged pairs, best first.

    Returns
    -------
    tuple of Dispute
        The one with most conflicts first. Every conflict is in exactly one.

    References
    ----------
    Signed graphs and their camps: Cartwright and Harary (1956), doi:10.1037/h0046049; correlation clustering: Bansal,
    Blum and Chawla (2004), doi:10.1023/B:MACH.0000033116.57574.95.
    """
    if not conflicts:
        return ()
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    claims = {claim.id: claim for pair in (*conflicts, *agreements) for claim in (pair.a, pair.b)}
    place = {name: number for number, name in enumerate(sorted(claims))}
    ends = np.array([(place[pair.a.id], place[pair.b.id]) for pair in conflicts]).T
    graph = coo_matrix((np.ones(len(conflicts)), ends), shape=(len(place), len(place)))
    component = connected_components(graph, directed=False)[1]
    home = {pair.a.id: int(component[place[pair.a.id]]) for pair in conflicts}
    home |= {pair.b.id: int(component[place[pair.b.id]]) for pair in conflicts}
    for pair in agreements:  # best first: an ally goes where it agrees most
        for one, other in ((pair.a.id, pair.b.id), (pair.b.id, pair.a.id)):
            if one not in home and other in home and home[other] >= 0:
                home[one] = -1 - home[other]  # an ally, who brings no allies of its own
    dispute_of = {name: number if number >= 0 else -1 - number for name, number in home.items()}
    found = []
    for number in sorted(set(dispute_of.values())):
        quarrel = tuple(pair for pair in conflicts if dispute_of[pair.a.id] == number)
        allied = tuple(pair for pair in agreements if dispute_of.get(pair.a.id) == number == dispute_of.get(pair.b.id))
        found.append(Dispute(camps_of(quarrel, allied), quarrel, allied))
    return tuple(sorted(found, key=lambda dispute: (-len(dispute.conflicts), dispute.claims[0].id)))


def camps_of(quarrel: Sequence[JudgedPair], allied: Sequence[JudgedPair]) -> tuple[Camp, ...]:
    """Part the claims of one dispute into camps."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    claims = {claim.id: claim for pair in (*quarrel, *allied) for claim in (pair.a, pair.b)}
    names = sorted(claims)
    place = {name: number for number, name in enumerate(names)}
    signed = np.zeros((len(names), len(names)))
    for pair, weight in [*((p, -p.probability) for p in quarrel), *((p, p.entailment) for p in allied)]:
        one, other = place[pair.a.id], place[pair.b.id]
        signed[one, other] = signed[other, one] = weight
    linked = (signed != 0).astype(float)
    shared = (signed @ signed) / np.maximum(1.0, linked @ linked)
    distance = 1 - np.clip(signed + COMMON * shared, -1, 1)
    np.fill_diagonal(distance, 0)
    labels = fcluster(linkage(squareform(distance, checks=False), "average"), 1 - 1e-9, "distance")
    against: dict[str, float] = {}
    for pair in quarrel:
        for claim in (pair.a, pair.b):
            against[claim.id] = against.get(claim.id, 0.0) + pair.probability
    camps = []
    for label in np.unique(labels):
        of_camp = in_time(claims[names[row]] for row in np.flatnonzero(labels == label).tolist())
        camps.append(Camp(of_camp, min(of_camp, key=lambda claim: (-against.get(claim.id, 0.0), claim.id))))
    return tuple(sorted(camps, key=lambda camp: (-len(camp.claims), camp.claims[0].id)))


def in_time(claims: object) -> tuple[Claim, ...]:
    """Return claims by date (those without one last), then id."""
    return tuple(sorted(claims, key=lambda claim: (claim.date is None, str(claim.date), claim.id)))  # type: ignore[call-overload]
