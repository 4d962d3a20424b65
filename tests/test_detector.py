"""The pipeline from claims to report: laws on fakes, and the bundled models for real."""

import itertools
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import contradict
from contradict import Claim, Detector
from contradict.errors import ClaimError, OptionError
from contradict.testing import FakeEncoder, FakeNLI

SENTENCES = [
    "the bridge was closed",
    "the bridge was not closed",
    "the bridge was closed at noon",
    "no bridge",
    "ten died",
]
claims = st.builds(
    Claim,
    text=st.sampled_from(SENTENCES),
    speaker=st.sampled_from([None, "Ann", "Bob", "ann"]),
    source=st.sampled_from([None, "Post", "Times"]),
)
pools = st.lists(claims, max_size=9)


def facts(report):
    """A report without the identity of claims that are copies of each other."""
    return sorted(
        str((sorted([str((c.text, c.speaker, c.source)) for c in (p.a, p.b)]), p.probability)) for p in report.judged
    )


@settings(deadline=None)
@given(pools, st.randoms(use_true_random=False), st.sampled_from([None, 1, 3]))
def test_the_order_of_claims_never_changes_the_result(pool, chance, max_pairs):
    detector = Detector(FakeEncoder(), FakeNLI())
    shuffled = list(pool)
    chance.shuffle(shuffled)
    one = detector.compare(pool, max_pairs=max_pairs, top_k=2)
    two = detector.compare(shuffled, max_pairs=max_pairs, top_k=2)
    assert facts(one) == facts(two)
    assert one.counts == two.counts


@settings(deadline=None)
@given(pools, pools)
def test_every_possible_pair_is_accounted_for(ours, theirs):
    report = Detector(FakeEncoder(), FakeNLI()).compare(ours, theirs, top_k=2, max_pairs=3, min_similarity=0.3)
    counts = report.counts
    assert counts.claims == len(ours) + len(theirs)
    assert counts.pairs_possible == (
        counts.pairs_excluded
        + counts.pairs_dissimilar
        + counts.pairs_dropped
        + counts.pairs_over_budget
        + counts.pairs_judged
    )
    assert counts.pairs_judged == len(report.judged)


def test_a_speaker_is_not_compared_with_himself_unless_asked(fake):
    pool = [Claim("the bridge was closed", speaker="Ann"), Claim("the bridge was not closed", speaker=" ANN ")]
    assert len(fake.compare(pool)) == 0
    assert fake.compare(pool).counts.pairs_excluded == 1
    assert len(fake.compare(pool, same_speaker=True)) == 1


def test_an_outlet_does_not_hold_the_views_it_reports(fake):
    # given an outlet that quotes Ann and speaks for itself, and quotes Bob
    quoted = Claim("the bridge was closed", speaker="Ann", source="Post")
    own = Claim("the bridge was not closed", source="Post")
    other = Claim("the bridge was not closed", speaker="Bob", source="Post")
    # then Ann contradicts both; the outlet's own claims are its own
    assert {c.b.asserter for c in fake.compare([quoted, own, other])} | {
        c.a.asserter for c in fake.compare([quoted, own, other])
    } == {"Ann", "Post", "Bob"}
    assert len(fake.compare([own, Claim("the bridge was closed", source="Post")])) == 0


def test_reprints_count_once(fake):
    wire = [
        Claim("the bridge was closed", speaker="Ann", source=outlet, date=day)
        for outlet, day in (("Post", "2020-01-02"), ("Times", "2020-01-01"), ("Sun", None))
    ]
    report = fake.compare([*wire, Claim("the bridge was not closed", speaker="Bob")])
    assert len(report) == 1
    assert "Times" in {report[0].a.source, report[0].b.source}  # the earliest stands for all
    assert report.counts.reprints == 2
    assert sum(map(len, report.reprints.values())) == 2
    assert len(report.claims) == 4


def test_two_pools_are_compared_across_only(fake):
    ours = ["the bridge was closed", "the bridge was not closed"]
    report = fake.compare(ours, "the bridge was not closed")
    assert [(c.a.text, c.b.text) for c in report] == [(ours[0], ours[1])]


def test_the_same_pool_on_both_sides(fake):
    pool = [Claim("the bridge was closed", id="x"), Claim("the bridge was not closed", id="y")]
    assert len(fake.compare(pool, pool)) == 2


def test_one_id_for_two_claims_across_pools_is_refused(fake):
    with pytest.raises(ClaimError, match="'x'"):
        fake.compare([Claim("a", id="x")], [Claim("b", id="x")])


@pytest.mark.parametrize("pool", [[], "one claim alone", ["one claim alone"]])
def test_too_few_claims_give_an_empty_report(fake, pool):
    report = fake.compare(pool)
    assert len(report) == 0
    assert report.counts.pairs_judged == 0


def test_a_budget_is_spent_on_the_most_similar_and_counted(fake):
    pool = ["the bridge was closed", "the bridge was not closed", "ten died", "ten did not die"]
    whole, budget = fake.compare(pool), fake.compare(pool, max_pairs=1)
    assert budget.counts.pairs_over_budget == whole.counts.pairs_judged - 1
    assert budget.judged[0].similarity == max(pair.similarity for pair in whole.judged)


@pytest.mark.parametrize(("claims", "nearest"), [(60, 134), (300, 27), (700, 20)])
def test_in_a_small_pool_every_pair_is_kept(fake, claims, nearest):
    report = fake.compare([f"{'not ' * (n % 2)}w{n} v{n}" for n in range(claims)], min_similarity=-1, max_pairs=10)
    assert report.provenance.options["top_k"] == nearest
    assert (report.counts.pairs_dropped == 0) == (nearest >= claims - 1)


def test_of_two_small_pools_every_pair_is_kept(fake):
    texts = [f"w{n} v{n}" for n in range(60)]
    for ours, theirs in ((texts[:1], texts[1:]), (texts[:30], texts[30:])):
        counts = fake.compare(ours, theirs, min_similarity=-1).counts
        assert (counts.pairs_judged, counts.pairs_dropped) == (len(ours) * len(theirs), 0)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"min_probability": 1.2}, "min_probability is 1.2"),
        ({"min_similarity": 7}, "min_similarity is 7"),
        ({"top_k": 0}, "top_k is 0"),
        ({"top_k": True}, "top_k is True"),
        ({"top_k": 2.5}, "top_k is 2.5"),
        ({"top_k": "many"}, "top_k is 'many'"),
        ({"max_pairs": -1}, "max_pairs is -1"),
    ],
)
def test_options_out_of_range_are_refused(fake, options, named):
    with pytest.raises(OptionError, match=named):
        fake.compare(["a", "b"], **options)


def test_a_misspelt_option_is_refused():
    with pytest.raises(TypeError, match="min_probabilty"):
        contradict.compare("a", "b", min_probabilty=0.5)


def test_an_encoder_without_encode_is_refused():
    with pytest.raises(contradict.ModelError, match="no method encode"):
        Detector(encoder=object()).compare("a", "b")


# The bundled models, for real.

NEWS = [
    Claim("The air strikes hit only Islamic State positions.", speaker="Ministry of Defence"),
    Claim("لم تستهدف الغارات الجوية مواقع تنظيم الدولة الإسلامية.", speaker="US officials"),
    Claim("Авиаудары не наносились по позициям «Исламского государства».", speaker="Coalition"),
    Claim("Ten thousand people visited the flower show on Sunday.", speaker="Mayor"),
    Claim("The flower show on Sunday had no visitors at all.", speaker="Gardener"),
]


def by_texts(report):
    return {frozenset((p.a.text, p.b.text)): p.probability for p in report.judged}


def test_bundled_results_do_not_depend_on_order_company_or_threads(bundled):
    whole = by_texts(bundled.compare(NEWS))
    turned = by_texts(bundled.compare(NEWS[::-1]))
    single = by_texts(Detector(threads=1).compare(NEWS))
    assert whole.keys() == turned.keys() == single.keys()
    assert len(whole) >= 4
    for pair, probability in whole.items():
        alone = by_texts(bundled.compare([c for c in NEWS if c.text in pair], min_similarity=-1))
        assert turned[pair] == probability
        assert single[pair] == pytest.approx(probability, abs=1e-3)
        assert alone[pair] == pytest.approx(probability, abs=1e-3)


def test_unrelated_claims_are_not_judged(bundled):
    pairs = by_texts(bundled.compare(NEWS))
    assert frozenset((NEWS[0].text, NEWS[4].text)) not in pairs
    assert frozenset((NEWS[3].text, NEWS[4].text)) in pairs


def test_many_threads_may_call_one_detector(bundled):
    expected = by_texts(bundled.compare(NEWS))
    detector, found = Detector(), []
    workers = [threading.Thread(target=lambda: found.append(by_texts(detector.compare(NEWS)))) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 6
    for pairs in found:
        assert pairs.keys() == expected.keys()
        assert np.allclose([pairs[k] for k in expected], list(expected.values()), atol=1e-3)


def test_a_long_text_is_judged_in_parts_and_the_report_says_so(bundled):
    long = (
        "The council met and talked about the budget of the coming year for a while. " * 40
        + "The bridge was not closed."
    )
    report = bundled.compare(long, "The bridge was closed.", min_similarity=-1)
    assert report.counts.texts_split == 1
    assert "Judged in parts: 1 long text." in report.summary()


@pytest.mark.parametrize("odd", ["😀😀😀", "\u202e\u2066\u2069 x", "a" * 5_000, "。", "1", "x " * 50_000])
def test_odd_texts_are_judged_without_error(bundled, odd):
    report = bundled.compare(odd, "The bridge was closed.", min_similarity=-1)
    assert report.counts.pairs_judged == 1


def told_apart(claims, **options):
    report = Detector(FakeEncoder(), FakeNLI()).compare(claims, **options)
    judged = {frozenset((pair.a.id, pair.b.id)) for pair in report.judged}
    counts = report.counts
    left_out = counts.pairs_excluded + counts.pairs_dropped + counts.pairs_dissimilar
    assert counts.pairs_possible == left_out + counts.pairs_judged
    assert sum(counts.excluded_by.values()) == counts.pairs_excluded
    return judged, counts.excluded_by


RULED = [
    Claim("the bridge was closed", speaker="Ann", source="Post", date="2020-01-01", lang="en", id="a"),
    Claim("the bridge was not closed", speaker="Bob", source="Post", date="2020-01-03", lang="en", id="b"),
    Claim("the bridge was never closed", speaker="Cem", source="Times", date="2020-01-20", lang="ru", id="c"),
    Claim("the bridge was soon closed", speaker="Dan", lang="ru", id="d"),
    Claim("the bridge is closed", speaker="Eve", id="e"),
]
ALL = {frozenset(pair) for pair in itertools.combinations("abcde", 2)}


@pytest.mark.parametrize(
    ("options", "left_out", "reason"),
    [
        ({}, [], None),
        ({"same_source": False}, ["ab"], "same_source"),
        ({"max_days_apart": 2}, ["ac", "bc"], "days_apart"),
        ({"max_days_apart": 18}, ["ac"], "days_apart"),
        ({"languages": [("ru", "en")]}, ["ab", "cd", "ae", "be", "ce", "de"], "languages"),
        ({"languages": [("en", "en"), ("und", "ru")]}, ["ac", "ad", "bc", "bd", "cd", "ae", "be"], "languages"),
        ({"blocklist": [("a", "e"), ("Post", "cem")]}, ["ae", "ab", "ac", "bc"], "blocklist"),
    ],
)
def test_rules_keep_claims_apart_and_are_counted(options, left_out, reason):
    judged, excluded_by = told_apart(RULED, **options)
    assert judged == ALL - {frozenset(pair) for pair in left_out}
    assert {name: count for name, count in excluded_by.items() if count} == ({reason: len(left_out)} if reason else {})


def test_an_article_is_not_compared_with_what_it_quotes():
    own = Claim("the bridge was open", source="Post", meta={"article": "1"}, id="own")
    quoted = Claim("the bridge was shut", speaker="Ann", source="Post", meta={"article": "1"}, id="ann")
    another = Claim("the bridge fell", speaker="Bob", source="Post", meta={"article": "1"}, id="bob")
    elsewhere = Claim("the bridge stands", speaker="Cem", source="Post", meta={"article": "2"}, id="cem")
    judged, excluded_by = told_apart([own, quoted, another, elsewhere])
    assert judged == {frozenset(pair) for pair in (("own", "cem"), ("ann", "bob"), ("ann", "cem"), ("bob", "cem"))}
    assert excluded_by["same_article"] == 2
    assert len(told_apart([own, quoted, another, elsewhere], same_article=True)[0]) == 6


def test_a_pair_is_counted_by_the_first_rule_that_leaves_it_out():
    twins = [*RULED, Claim("the bridge opens", speaker="Ann", source="Post", date="2021-01-01", lang="ru", id="f")]
    rules = {"same_source": False, "max_days_apart": 30, "languages": [("en", "en")], "blocklist": [("a", "f")]}
    _, excluded_by = told_apart(twins, **rules)
    assert excluded_by == {
        "same_text": 0,
        "same_speaker": 1,
        "same_article": 0,
        "same_source": 2,  # ab and bf; af is of one speaker already
        "days_apart": 1,  # cf
        "languages": 11,
        "blocklist": 0,
    }


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"max_days_apart": -1}, "max_days_apart is -1"),
        ({"languages": "ar"}, r'\("ar", "ru"\)'),
        ({"languages": ["ar"]}, "pair of language tags"),
        ({"blocklist": ["Post"]}, "group of two or more"),
        ({"search": "aproximate"}, "did you mean 'approximate'"),
    ],
)
def test_rules_that_cannot_be_read_are_refused(fake, options, named):
    with pytest.raises(OptionError, match=named):
        fake.compare(RULED, **options)


def test_a_rule_that_fits_no_claim_is_told(fake, caplog):
    fake.compare(RULED, languages=[("en", "de")], blocklist=[("Post", "Sunn")])
    assert "'de'" in caplog.text
    assert "'sunn'" in caplog.text


def test_an_approximate_search_is_told_in_the_report():
    pytest.importorskip("faiss")
    report = Detector(FakeEncoder(), FakeNLI()).compare(RULED, search="approximate")
    assert report.provenance.options["search"] == "approximate"
    assert report.provenance.recall == 1.0
    assert report.counts.pairs_judged == 10


def test_a_claim_against_an_archive_does_not_compare_the_archive_with_itself(monkeypatch):
    def fold(*_, **__):
        raise AssertionError

    monkeypatch.setattr("contradict.detector.fold_rewrites", fold)
    detector = Detector(FakeEncoder(), FakeNLI())
    assert len(detector.compare(["it rained"], ["it did not rain", "it snowed"]).judged) == 2
    with pytest.raises(AssertionError):
        detector.compare(["it rained", "it snowed"])
