"""Training learns, is deterministic, and goes on from its checkpoint as if it had not stopped."""

import json

import pytest

torch = pytest.importorskip("torch")

from contradict.models.e5 import E5File  # noqa: E402
from contradict.models.tokenizer import Tokenizer  # noqa: E402
from contradict.training import Recipe, Run, batches, draw, rate_at, read_rows, tokenise  # noqa: E402

ROWS = [
    {"premise": "The bridge was closed.", "hypothesis": "The bridge was not closed.", "label": "contradiction"},
    {"premise": "The bridge was closed.", "hypothesis": "Something was closed.", "label": "entailment"},
    {"premise": "The bridge was closed.", "hypothesis": "Ten people died.", "label": "neutral"},
    {"premise": "Мост закрыли.", "hypothesis": "Мост не закрывали.", "label": "contradiction"},
]
RECIPE = Recipe(pairs=16, batch_pairs=2, warmup=0.0, decay=0.0, average=0.5, learning_rate=1e-4)


@pytest.fixture(scope="module")
def pairs():
    rows = [*ROWS, ROWS[0] | {"premise": "word " * 500}]
    made, left_out = tokenise(rows, Tokenizer(E5File()), longest=128)
    assert left_out == 1
    return {"rows": made}


def weights(run):
    return torch.cat([parameter.flatten() for parameter in run.model.parameters()])


def steps(run, pairs, count):
    losses = []
    for batch in run.stream(pairs):
        losses.append(run.train_step(batch))
        if len(losses) == count:
            return losses
    raise AssertionError


def test_a_run_goes_on_from_its_checkpoint_as_if_it_had_not_stopped(pairs, tmp_path):
    whole = Run(tmp_path / "whole", RECIPE)
    straight = steps(whole, pairs, 4)
    first = Run(tmp_path / "parts", RECIPE)
    before = steps(first, pairs, 2)
    first.save()
    again = Run(tmp_path / "parts", RECIPE)
    assert again.seen == first.seen == 4
    assert before + steps(again, pairs, 2) == pytest.approx(straight, abs=1e-5)
    assert torch.allclose(weights(whole), weights(again), atol=1e-5)


def test_it_learns_what_it_is_shown_and_logs_it(pairs, tmp_path):
    recipe = Recipe(pairs=60, batch_pairs=4, warmup=0.0, decay=0.0, average=0.0, learning_rate=1e-4)
    run = Run(tmp_path, recipe)
    run.train(pairs, {"shown": pairs["rows"]}, score_pairs=1_000)
    entries = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert entries[-1]["scores"]["shown"] == {"accuracy": 1.0, "contradiction_f1": 1.0}
    assert (tmp_path / "model.safetensors").stat().st_size > 40e6


def test_a_pass_is_drawn_by_rates_and_every_pair_is_in_one_batch(pairs):
    recipe = Recipe(rates={"rows": 2.0}, batch_pairs=3)
    drawn = draw(pairs, recipe, seed=1)
    assert len(drawn) == 8
    assert drawn == draw(pairs, recipe, seed=1)
    cut = batches(drawn, recipe, seed=1)
    assert sorted(map(id, (pair for batch in cut for pair in batch))) == sorted(map(id, drawn))
    assert max(map(len, cut)) <= 3


def test_the_rate_rises_stays_and_falls():
    recipe = Recipe(pairs=100, warmup=0.1, decay=0.2)
    assert [round(rate_at(seen, recipe), 2) for seen in (0, 5, 10, 50, 80, 90, 100)] == [0, 0.5, 1, 1, 1, 0.5, 0]


def test_rows_are_read_gzipped_or_not(tmp_path):
    import gzip

    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS)
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    assert read_rows(tmp_path / "a.jsonl") == read_rows(tmp_path / "a.jsonl.gz") == ROWS
