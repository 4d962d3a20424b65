"""Long and odd texts: nothing raises, nothing is lost, and the report says what was judged in parts."""

import time

import pytest

import contradict
from contradict.errors import ClaimError

FILLER = "The committee met again on Thursday to discuss the budget of the regional library network. "


@pytest.fixture(scope="module")
def detector():
    return contradict.Detector()


def test_the_part_that_decided_is_in_the_report(detector):
    # given a hundred kilobytes with one sentence in the middle that contradicts a short claim
    sentence = "Nobody was killed in the strike on Jisr al-Shughur. "
    long = FILLER * 600 + sentence + FILLER * 600
    short = "Fourteen people were killed in the strike on Jisr al-Shughur."
    start = time.perf_counter()
    # when compared
    report = detector.compare(long, short, min_similarity=-1)
    # then it was judged in parts, and the part with that sentence decided
    assert len(long) > 100_000
    assert report.counts.texts_split == 1
    (pair,) = report.judged
    assert sentence.strip() in next(part for part in pair.parts if part != short)
    assert (pair.forward.contradiction + pair.backward.contradiction) / 2 > 0.5
    assert contradict.Report.from_json(report.to_json()) == report
    assert time.perf_counter() - start < 60


def test_a_text_that_is_read_whole_has_no_parts(detector):
    report = detector.compare("The bridge is open.", "The bridge is closed.")
    assert report.judged[0].parts is None
    assert report.counts.texts_split == 0


@pytest.mark.parametrize(
    "text",
    [
        "😀😡🔥",
        "\u202eقصف\u202c strikes 2015 hit حمص and Homs",
        "…",
        "а" * 5_000,
        "12,000.50 + ½ = Ⅳ",
        "<script>alert(1)</script>",
        "e\u0301" * 300,
    ],
)
def test_odd_texts_are_compared_like_any_other(detector, text):
    claims = [text, "The bridge is closed."]
    report, turned = (detector.compare(pool, min_similarity=-1) for pool in (claims, claims[::-1]))
    assert report.counts.pairs_judged == 1
    assert 0 <= report.judged[0].probability <= 1
    assert report.judged[0].probability == turned.judged[0].probability


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b", "\ufeff", "\u200f\u200e\u2066\u2069"])
def test_a_text_without_a_word_is_refused_or_left_out(detector, text):
    with pytest.raises(ClaimError, match="empty"):
        detector.compare([text, "The bridge is closed."])
    assert detector.compare([text, "The bridge is closed."], skip_empty=True).counts.claims == 1
