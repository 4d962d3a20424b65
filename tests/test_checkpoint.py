"""A run that is broken off gives what it has, and goes on from its checkpoint."""

import numpy as np
import pytest

import contradict
from contradict.checkpoint import Checkpoint
from contradict.cli import main
from contradict.errors import OptionError
from contradict.testing import FakeEncoder, FakeNLI
from contradict.verdicts import judge

TEXTS = [f"it {'did not rain' if n % 3 == 0 else 'rained'} in place {n}" for n in range(8)]
PAIRS = [(a, b) for row, a in enumerate(TEXTS) for b in TEXTS[row + 1 :]]


class Interrupted(FakeNLI):
    """Raises as Ctrl-C does, once so many pairs were asked."""

    def __init__(self, after):
        self.left, self.asked = after, []

    def predict_both(self, pairs):
        if self.left < len(pairs):
            raise KeyboardInterrupt
        self.left -= len(pairs)
        self.asked += pairs
        return np.stack([self.predict(pairs), self.predict([(b, a) for a, b in pairs])], axis=1)


@pytest.fixture(autouse=True)
def small_shares(monkeypatch):
    monkeypatch.setattr("contradict.verdicts.SHARE", 5)


def test_interrupted_it_returns_the_first_verdicts():
    whole, broken = judge(PAIRS, FakeNLI()), judge(PAIRS, Interrupted(12))
    assert len(broken) == 10  # two whole shares
    assert np.array_equal(broken.forward, whole.forward[:10])


def test_from_its_checkpoint_it_asks_only_what_is_missing(tmp_path):
    path = tmp_path / "verdicts.sqlite"
    first = Interrupted(12)
    judge(PAIRS, first, checkpoint=path)
    second = Interrupted(1_000)
    again = judge(PAIRS[::-1], second, checkpoint=path)
    # each pair was asked once in the two runs, whatever the order, and the verdicts are those of a run in one go
    assert sorted(first.asked + second.asked) == sorted((min(p), max(p)) for p in PAIRS)
    assert np.array_equal(again.forward, judge(PAIRS[::-1], FakeNLI()).forward)


def test_what_another_model_said_does_not_count(tmp_path):
    path = tmp_path / "verdicts.sqlite"
    verdict = np.full((1, 2, 3), 1 / 3, dtype=np.float32)
    with Checkpoint(path, "one") as known:
        known.keep([("a", "b")], verdict)
        assert np.array_equal(known.recall([("a", "b")]), verdict)
        assert np.isnan(known.recall([("b", "a"), ("ab", ""), ("", "ab")])).all()
    with Checkpoint(path, "two") as other:
        assert np.isnan(other.recall([("a", "b")])).all()


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("these are notes, and long enough to be no empty database " * 20)
    with pytest.raises(OptionError, match="cannot be used"):
        judge(PAIRS, FakeNLI(), checkpoint=path)
    assert path.read_text().startswith("these are notes")


def test_an_interrupted_report_says_that_it_is_partial(tmp_path):
    claims = [{"text": text, "speaker": str(n)} for n, text in enumerate(TEXTS)]
    path = tmp_path / "verdicts.sqlite"
    broken = contradict.Detector(FakeEncoder(), Interrupted(12)).compare(claims, checkpoint=path)
    assert broken.partial
    assert broken.counts.pairs_judged == 10
    assert broken.counts.pairs_interrupted == len(PAIRS) - 10
    assert "interrupted before 18 pairs" in broken.summary()
    whole = contradict.Detector(FakeEncoder(), Interrupted(1_000)).compare(claims, checkpoint=path)
    assert not whole.partial
    assert whole.judged[0] == max(whole.judged, key=lambda pair: pair.probability)
    assert {(pair.a.id, pair.b.id) for pair in broken.judged} < {(pair.a.id, pair.b.id) for pair in whole.judged}


def test_the_command_line_prints_what_it_has_and_says_so_by_its_exit_code(tmp_path, monkeypatch, capsys):
    path = tmp_path / "claims.jsonl"
    path.write_text("".join(f'{{"text": "{text}", "speaker": "{n}"}}\n' for n, text in enumerate(TEXTS)))
    monkeypatch.setattr("contradict.cli.Detector", lambda *a, **k: contradict.Detector(FakeEncoder(), Interrupted(12)))
    assert main(["compare", str(path), "--checkpoint", str(tmp_path / "verdicts.sqlite")]) == 130
    assert "Partial: interrupted" in " ".join(capsys.readouterr().out.split())
