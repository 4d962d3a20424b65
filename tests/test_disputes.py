"""Topics, disputes and the matrix: what a report tells beyond its pairs."""

import math

import pytest

from contradict import Claim, Report
from contradict.disputes import disputes_of
from contradict.errors import OptionError
from contradict.judged import JudgedPair, Probabilities
from contradict.provenance import Counts, Provenance


def claim(name, day=1):
    return Claim(f"text of {name}", speaker=name[0].upper(), id=name, date=f"2015-10-{day:02}", lang="en")


def pair(a, b, probability=0.9, entailment=0.0):
    direction = Probabilities(entailment, 1 - entailment, 0.0)
    return JudgedPair(claim(a), claim(b), probability, direction, direction, 0.8)


def report_of(*pairs, threshold=0.5):
    claims = {c.id: c for one in pairs for c in (one.a, one.b)}
    return Report(tuple(claims.values()), pairs, threshold, Counts(claims=len(claims)), Provenance("0", "e", "n"))


def camps(dispute):
    return sorted(sorted(c.id for c in camp.claims) for camp in dispute.camps)


def test_the_enemies_of_one_claim_are_one_camp():
    (found,) = disputes_of([pair(a, b) for a in ("a1", "a2") for b in ("b1", "b2")], [])
    assert camps(found) == [["a1", "a2"], ["b1", "b2"]]
    assert [camp.speakers for camp in found.camps] == [("A",), ("B",)]


def test_three_counts_of_the_dead_are_three_camps():
    (found,) = disputes_of([pair("a1", "b1"), pair("b1", "c1"), pair("a1", "c1")], [])
    assert camps(found) == [["a1"], ["b1"], ["c1"]]


def test_an_ally_joins_its_camp_and_brings_none_of_its_own():
    agreements = [pair("b1", "d1", 0.0, 0.9), pair("d1", "e1", 0.0, 0.8)]
    (found,) = disputes_of([pair("a1", "b1")], agreements)
    assert camps(found) == [["a1"], ["b1", "d1"]]


def test_every_conflict_is_in_one_dispute_whatever_the_order():
    conflicts = [pair("a1", "b1", 0.9), pair("c1", "d1", 0.8), pair("d1", "e1", 0.7)]
    found = disputes_of(conflicts, [])
    assert [len(one.conflicts) for one in found] == [2, 1]
    assert sorted(map(camps, disputes_of(conflicts[::-1], []))) == sorted(map(camps, found))


def test_no_conflict_no_dispute():
    assert disputes_of([], [pair("a1", "b1", 0.0, 0.9)]) == ()


def test_the_matrix_counts_both_ways_and_divides_by_what_was_judged():
    report = report_of(pair("a1", "b1", 0.9), pair("a2", "b2", 0.1), pair("a1", "c1", 0.1, 0.9), pair("d1", "c2", 0.1))
    assert report.matrix().loc["A", "B"] == report.matrix().loc["B", "A"] == 1
    assert report.matrix("judged").loc["A", "B"] == 2
    assert report.matrix("conflict_rate").loc["A", "B"] == 0.5
    assert report.matrix("agreement_rate").loc["A", "C"] == 1
    assert math.isnan(report.matrix("conflict_rate").loc["B", "D"])
    with pytest.raises(OptionError, match="matrix of 'rows'"):
        report.matrix("rows")


def test_reports_of_a_part_are_new_and_hold_only_that_part():
    report = report_of(pair("a1", "b1"), pair("a2", "c1"), pair("b2", "c2", 0.1))
    assert [len(report.for_speaker(name)) for name in "ABCX"] == [2, 1, 1, 0]
    assert len(report.between("C", "A")) == 1
    assert len(report.between("B", "C").judged) == 1
    assert {name: len(part) for name, part in report.by_language().items()} == {"en": 2}
    assert len(report) == 2


def test_topics_hold_every_claim_once_in_any_order_and_survive_json(fake):
    claims = [
        Claim("the bridge was closed on monday", speaker="A", lang="en"),
        Claim("the bridge was not closed on monday", speaker="B", lang="en"),
        Claim("four ships left the harbour at dawn", speaker="A", lang="en"),
        Claim("الجسر مغلق", speaker="C", lang="ar"),
        Claim("桥关闭了", speaker="D", lang="zh"),
    ]
    report = fake.compare(claims)
    assert sorted(name for topic in report.topics for name in topic.claims) == sorted(c.id for c in claims)
    assert all(topic.central in topic.claims for topic in report.topics)
    assert fake.compare(claims[::-1]).topics == report.topics
    assert Report.from_json(report.to_json()).topics == report.topics
    assert any("bridge" in topic.name for topic in report.topics)
    assert report.topic_of(report[0]) is not None


def test_a_claim_without_words_has_a_topic_without_a_name(fake):
    assert [topic.name for topic in fake.compare(["1 2 3", "?"]).topics] == ["", ""]
