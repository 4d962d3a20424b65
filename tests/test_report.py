"""A report can be questioned without running anything again."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

import contradict
from contradict import Claim, Report
from contradict.errors import OptionError

POOL = [
    Claim(
        "the bridge was closed", speaker="Ann", source="Post", date="2020-01-01", lang="en", url="https://example.org/1"
    ),
    Claim("the bridge was not closed", speaker="Bob"),
    Claim("the bridge was closed at noon", speaker="Eve"),
    Claim("the bridge was closed", speaker="Ann", source="Times", meta={"row": 7}),
]


@pytest.fixture
def report(fake) -> Report:
    return fake.compare(POOL)


def test_a_report_is_a_sequence_of_conflicts_best_first(report):
    assert len(report) == 2
    assert all(isinstance(conflict, contradict.Conflict) for conflict in report)
    assert [c.probability for c in report] == sorted((c.probability for c in report), reverse=True)
    assert report[0] in report
    assert report[:1] == (report[0],)
    assert "Bob" in {report[0].a.speaker, report[0].b.speaker}
    assert repr(report).startswith("<Report: 2 conflicts among 4 claims; first: ")


def test_without_a_calibration_probability_is_the_mean_of_both_directions(report):
    pair = report[0]
    assert pair.probability == pytest.approx((pair.forward.contradiction + pair.backward.contradiction) / 2)
    assert sum(pair.forward) == pytest.approx(1)
    assert pair.entailment == max(pair.forward.entailment, pair.backward.entailment)


def test_agreements_are_entailed_pairs_that_are_no_conflicts(report):
    texts = [{agreement.a.text, agreement.b.text} for agreement in report.agreements]
    assert texts == [{"the bridge was closed", "the bridge was closed at noon"}]
    assert all(isinstance(agreement, contradict.Agreement) for agreement in report.agreements)


def test_another_threshold_is_a_new_report_and_runs_nothing(report):
    strict = report.at(0.95)
    assert len(strict) == 0
    assert len(report) == 2
    assert strict.judged == report.judged
    assert strict.at(report.threshold) == report
    with pytest.raises(OptionError, match="threshold is 2"):
        report.at(2)


def test_least_sure_are_nearest_the_threshold(report):
    first = report.at(0.06).least_sure(1)[0]
    assert first.probability == pytest.approx(0.05)


def test_a_report_survives_json(report):
    text = report.to_json()
    assert Report.from_json(text) == report
    assert json.loads(text)["conflicts"][0]["probability"] == report[0].probability
    with pytest.raises(OptionError, match="json_version 99"):
        Report.from_json(text.replace('"json_version": 5', '"json_version": 99'))


def test_a_frame_has_one_row_a_conflict(report, fake):
    frame = report.to_frame()
    assert len(frame) == len(report)
    assert frame.probability.tolist() == [c.probability for c in report]
    assert set(frame.speaker_a) | set(frame.speaker_b) == {"Ann", "Bob", "Eve"}
    assert list(fake.compare([]).to_frame().columns) == list(frame.columns)


def test_the_summary_names_every_count(report):
    summary = report.summary()
    assert "2 conflicts and 1 agreement " in summary
    assert "4 claims by 3 speakers" in summary
    assert "first copy: 1 reprint." in summary


def test_a_report_is_frozen(report):
    with pytest.raises(AttributeError):
        report.threshold = 0.1


def test_json_has_the_published_form(fake):
    schema = json.loads((Path(__file__).parent.parent / "docs" / "report.schema.json").read_text(encoding="utf-8"))
    report = fake.compare(
        [
            Claim("14 bridges were closed", speaker="A", date="2015-10-01", lang="en", span=(0, 5), meta={"n": 1}),
            Claim("20 bridges were not closed", speaker="B", source="C", url="https://example.org", context="c"),
            Claim("the bridge was not closed. " * 3, lang="ar"),
        ]
    )
    assert len(report)
    jsonschema.validate(json.loads(report.to_json()), schema, cls=jsonschema.Draft202012Validator)


def test_what_an_approximate_search_misses_is_told(report):
    assert "approximate" not in report.summary()
    missing = replace(report, provenance=replace(report.provenance, recall=0.97))
    assert "an approximate search found 97.0%" in missing.summary()
    assert Report.from_json(missing.to_json()) == missing
