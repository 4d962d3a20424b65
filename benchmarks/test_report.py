"""The documentation shows the results that are stored."""

import json

import pytest

from benchmarks import figures, pairs
from benchmarks.report import documents, joins, made


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_documents_are_up_to_date(path):
    text = path.read_text(encoding="utf-8")
    assert made(text) == text, "run python -m benchmarks.report"


def test_tables_and_figures_tell_what_failed_and_what_did_not(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    rounds = {
        "bare_half_product": [{"seconds": 2.0, "peak_memory_mb": 50}],
        "contradict": [{"seconds": 1.0, "peak_memory_mb": 60, "recall": 1.0}],
        "faiss_flat": [{"seconds": 4.0, "peak_memory_mb": 70, "recall": 1.0}],
        "usearch_exact": [{"failed": "over 9 s"}],
    }
    before = pairs.summary(rounds)
    assert pairs.foreseen("faiss_flat", 30, {10: before}, 9) == [{"failed": "not run: about 36 s expected, over 9 s"}]
    assert pairs.foreseen("faiss_flat", 10, {10: before}, 9) == pairs.foreseen("contradict", 99, {10: before}, 9) == []
    assert pairs.foreseen("usearch_exact", 20, {10: before}, 9) == [{"failed": "over 9 s"}]
    where = {"date": "2020-01-01", "processors": 2, "processor": "some", "commit": "abc"}
    of = {"environment": where, "data": {"clusters": {"10": before}}}
    assert before["of_the_bare_product"] == {"contradict": 0.5}
    assert before["times_faster_than"] == {"faiss_flat": 4.0, "usearch_exact": None}
    assert "| 10 | usearch exact | over 9 s |" in joins(of)
    monkeypatch.setattr(figures, "RESULTS", tmp_path)
    monkeypatch.setattr(figures, "FIGURES", tmp_path / "figures")
    (tmp_path / "pairs.json").write_text(json.dumps(of))
    (tmp_path / "growth.json").write_text(
        json.dumps({"sizes": {"10": {"seconds": 1, "peak_memory_mb": 9}, "20": {"failed": "over 9 s"}}})
    )
    figures.draw()
    drawn = {path.name: path.read_bytes() for path in (tmp_path / "figures").iterdir()}
    assert sorted(drawn) == ["growth.svg", "pairs.svg"]
    figures.draw()
    assert {path.name: path.read_bytes() for path in (tmp_path / "figures").iterdir()} == drawn
