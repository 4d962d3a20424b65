"""Copies of one report count once, also where an outlet has rewritten it; what differs in a fact is no copy."""

import pytest

from contradict import Claim
from contradict.evidence import one_report

REPORT = "A suicide bomber killed four people in a hospital in the ruling clan's hometown on Monday, a monitor said."
REWRITTEN = "A monitor said a suicide bomber killed four people in a hospital in the ruling clan's hometown on Monday."
DENIAL = "No suicide bomber killed four people in a hospital in the ruling clan's hometown on Monday, the army said."


@pytest.mark.parametrize(
    ("other", "copy"),
    [
        (REWRITTEN, True),
        ("AFP Sunday 22 Feb 2015 " + REPORT, True),
        (REPORT.replace("four", "nine"), False),
        (REPORT.replace("Monday", "Friday"), False),
        (REPORT.replace("killed", "did not kill"), False),
        (REPORT.replace("the ruling clan's hometown", "Homs").replace("a hospital", "Aleppo"), False),
        ("Four people died in Homs.", False),
    ],
)  # fmt: skip
def test_a_copy_differs_in_nothing_that_is_told(other, copy):
    assert one_report(Claim(REPORT, lang="en"), Claim(other, lang="en")) is copy
    assert one_report(Claim(other, lang="en"), Claim(REPORT, lang="en")) is copy


def pool():
    return [
        Claim(REWRITTEN, source="Post", date="2015-02-25", lang="en", id="late"),
        Claim(REPORT, source="Wire", date="2015-02-24", lang="en", id="first"),
        Claim("Breaking: " + REPORT, source="Herald", date="2015-02-26", lang="en", id="latest"),
        Claim(DENIAL, source="Gazette", date="2015-02-26", lang="en", id="denial"),
    ]


def test_rewritten_copies_count_once_and_are_named(fake):
    report = fake.compare(pool())
    assert report.reprints == {"first": ("late", "latest")}
    assert report.counts.reprints == 2
    assert [{pair.a.id, pair.b.id} for pair in report] == [{"first", "denial"}]
    assert report.matrix().to_numpy().sum() == 2
    assert len(report.claims) == 4


def test_the_order_of_the_claims_does_not_count(fake):
    assert fake.compare(pool()[::-1]).judged == fake.compare(pool()).judged
    assert fake.compare(pool()[::-1]).reprints == fake.compare(pool()).reprints


def test_two_speakers_who_say_the_same_agree_and_are_no_copies(fake):
    said = [Claim(claim.text, speaker=f"S{place}", lang="en") for place, claim in enumerate(pool())]
    report = fake.compare(said)
    assert report.counts.reprints == 0
    assert len(report) == 3


def test_copies_in_two_pools_stay_apart(fake):
    assert fake.compare(pool()[:1], pool()[1:2]).counts.reprints == 0
