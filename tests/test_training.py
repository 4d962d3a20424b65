"""Training learns, is deterministic, and goes on from its checkpoint as if it had not stopped."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

torch = pytest.importorskip("torch")

import contradict  # noqa: E402
from contradict.errors import ModelFilesError, OptionError, PairError  # noqa: E402
from contradict.labelled import LabelledPair, read_labelled  # noqa: E402
from contradict.models.bundled import WEIGHTS, BundledNLI  # noqa: E402
from contradict.models.e5 import E5File  # noqa: E402
from contradict.models.export import Reader, float_logits, float_weights  # noqa: E402
from contradict.models.latejoin import LateJoin  # noqa: E402
from contradict.models.tokenizer import Tokenizer  # noqa: E402
from contradict.training import Mixture, Recipe, train, usable  # noqa: E402
from contradict.training.batches import batches, draw, examples  # noqa: E402
from contradict.training.recipe import permissive  # noqa: E402
from contradict.training.run import Run, forward, padded  # noqa: E402

ROWS = [
    {"premise": "The bridge was closed.", "hypothesis": "The bridge was not closed.", "label": "contradiction"},
    {"premise": "The bridge was closed.", "hypothesis": "Something was closed.", "label": "entailment"},
    {"premise": "The bridge was closed.", "hypothesis": "Ten people died.", "label": "neutral"},
    {"premise": "Мост закрыли.", "hypothesis": "Мост не закрывали.", "label": "contradiction", "lang": "ru"},
]
RECIPE = Recipe(batch_pairs=2, warmup=0.0, decay=0.0, average=0.5, learning_rate=1e-4)


@pytest.fixture(scope="module")
def file():
    return E5File()


@pytest.fixture(scope="module")
def made(file):
    pairs = read_labelled([*ROWS, ROWS[0] | {"premise": "word " * 500}])
    of_pairs, left_out = examples(pairs, Tokenizer(file), Mixture(), longest=128)
    assert left_out == 1
    return of_pairs


def weights(run):
    return torch.cat([parameter.flatten() for parameter in run.model.parameters()])


def steps(run, made, count):
    losses = []
    for batch in run.stream(made):
        losses.append(run.train_step(batch))
        if len(losses) == count:
            return losses
    raise AssertionError


@pytest.mark.parametrize("recipe", [RECIPE, replace(RECIPE, dropout=0.3)])
def test_a_run_goes_on_from_its_checkpoint_as_if_it_had_not_stopped(made, file, tmp_path, recipe):
    whole = Run(tmp_path / "whole", recipe, 16, file)
    straight = steps(whole, made, 4)
    first = Run(tmp_path / "parts", recipe, 16, file)
    before = steps(first, made, 2)
    first.save()
    again = Run(tmp_path / "parts", recipe, 16, file)
    assert again.seen == first.seen == 4
    assert again.seen_of == first.seen_of
    assert before + steps(again, made, 2) == pytest.approx(straight, abs=1e-5)
    assert torch.allclose(weights(whole), weights(again), atol=1e-5)


def test_dropout_drops_in_training_alone(made, file, tmp_path):
    def twice(model):  # without what a training step draws by chance beside: which side comes first
        tokens, mask = padded([example.premise for example in made], file)
        return [model.claim_states(tokens, mask).detach() for _ in range(2)]

    for dropout in (0.0, 0.5):
        run = Run(tmp_path / str(dropout), replace(RECIPE, dropout=dropout), 4, file)
        assert torch.equal(*twice(run.model.train())) == (dropout == 0)
        assert torch.equal(*twice(run.model.eval()))
        assert torch.equal(*twice(run.average.train()))


def test_a_checkpoint_of_another_recipe_is_refused(made, file, tmp_path):
    Run(tmp_path, RECIPE, 16, file).save()
    with pytest.raises(OptionError, match="seed 0 instead of 1"):
        Run(tmp_path, Recipe(**{**RECIPE.__dict__, "seed": 1}), 16, file)


def test_an_interrupted_run_leaves_a_checkpoint(made, file, tmp_path):
    run = Run(tmp_path, RECIPE, 16, file)

    def interrupt(count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.train(made, progress=interrupt)
    assert Run(tmp_path, RECIPE, 16, file).seen == 2


def test_a_pass_is_drawn_by_rates_and_every_pair_is_in_one_batch(file):
    rows = [row | {"source": "a" if number else "b"} for number, row in enumerate(ROWS)]
    mixture = Mixture.read({"sources": {"a": 2, "b": 0}, "languages": {"ru": 1.5}})
    of_pairs, _ = examples(read_labelled(rows), Tokenizer(file), mixture, 128)
    assert [example.rate for example in of_pairs] == [0, 2, 2, 3]
    drawn = draw(of_pairs, seed=1)
    assert len(drawn) == 7
    assert drawn == draw(of_pairs, seed=1)
    cut = batches(drawn, Recipe(batch_pairs=3), seed=1)
    assert sorted(map(id, (example for batch in cut for example in batch))) == sorted(map(id, drawn))
    assert max(map(len, cut)) <= 3


def test_the_rate_rises_stays_and_falls():
    recipe = Recipe(warmup=0.1, decay=0.2)
    assert [round(recipe.rate_at(seen, 100), 2) for seen in (0, 5, 10, 50, 80, 90, 100)] == [0, 0.5, 1, 1, 1, 0.5, 0]


def test_the_bundled_weights_come_back_as_floats(file):
    """The float model made of the int8 graphs says what the int8 model says, up to the rounding of its inputs."""
    model = LateJoin(file.shape, 8)
    model.load_state_dict(float_weights(WEIGHTS, file.shape))
    nli, reader = BundledNLI(), Reader(file)
    for row in ROWS:
        logits = float_logits(model.eval(), reader, row["premise"], row["hypothesis"]) / nli.config.temperature
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        expected = nli.predict_both([(row["premise"], row["hypothesis"])])[0]
        assert powers / powers.sum(axis=1, keepdims=True) == pytest.approx(expected, abs=0.06)


def test_train_learns_what_it_is_shown_and_what_it_writes_can_be_used(tmp_path):
    # given two rules that no model knows beforehand
    rows = [
        {"premise": f"Alpha {n}.", "hypothesis": f"{word} {n}.", "label": label, "source": "own", "lang": "en"}
        for n in range(12)
        for word, label in (("Beta", "entailment"), ("Gamma", "contradiction"))
    ]
    recipe = Recipe(passes=5, batch_pairs=8, warmup=0.0, decay=0.5, average=0.0, learning_rate=2e-4)
    # when trained, with the last pairs held out
    trained = train(rows, rows[20:], out=tmp_path, recipe=recipe, mixture={"licences": {"own": "CC0"}}, name="greek")
    # then it was told what was left out, and learned
    assert trained.left_out == {
        "in the development data": 4,
        "of a licence that is restricted or not stated": 0,
        "too long": 0,
    }
    assert trained.pairs_seen >= 100
    of_train = contradict.evaluate(rows[:20], nli=tmp_path, resamples=0)
    assert of_train.overall.accuracy >= 0.9
    assert of_train.model == "greek-1"
    # and the folder is a model, with a card, a log, and weights to go on from
    report = contradict.Detector(nli=tmp_path).compare("The bridge is open.", "The bridge is closed.")
    assert report.provenance.nli == "greek-1"
    card = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "| own | 20 |" in card
    assert "CC0" in card
    assert "starting from bundled" in card
    assert json.loads((tmp_path / "nli.json").read_text())["temperature"] != 1.0
    again = train(rows, out=tmp_path / "again", start=tmp_path, recipe=Recipe(passes=0.1))
    assert again.dev is None
    assert "Not measured" in (tmp_path / "again" / "README.md").read_text(encoding="utf-8")


def test_noncommercial_data_is_left_out_and_then_the_bundled_weights_are_no_start(tmp_path, monkeypatch):
    pairs = [
        LabelledPair("a", "b", "neutral", source=name, licence=licence)
        for name, licence in (("x", "CC BY-NC 4.0"), ("y", ""), ("z", "Apache-2.0"))
    ]
    kept, left_out = usable(pairs, (), Mixture(licences={"y": "MIT"}), exclude_noncommercial=True)
    assert [pair.source for pair in kept] == ["y", "z"]
    assert left_out["of a licence that is restricted or not stated"] == 1
    started = []
    monkeypatch.setattr("contradict.training.start_weights", lambda start, file: started.append(start) or {})
    train(pairs, out=tmp_path, exclude_noncommercial=True, recipe=Recipe(passes=0.5))
    assert started == ["encoder"]


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("Apache-2.0 (readme badge)", True),
        ("MIT (repo)", True),
        ("CC BY-SA 4.0", True),
        ("CC BY 3.0", True),
        ("CC0", True),
        ("CC BY-NC 4.0", False),
        ("MIT (repo); SICK CC BY-NC-SA 3.0", False),
        ("not stated (unknown); SICK CC BY-NC-SA 3.0", False),
        ("cc-by-nc-4.0", False),
        ("for research use only", False),
        ("", False),
        ("GPL-3", False),
    ],
)
def test_a_licence_is_permissive_only_if_it_says_so(licence, may):
    assert permissive(licence) is may


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"source": {"a": 1}}, "did you mean 'sources'"),
        ({"sources": {"a": -1}}, "sources.a is -1"),
        ({"sources": {"a": True}}, "sources.a is True"),
        ({"sources": 3}, "part 'sources'"),
    ],
)
def test_a_mixture_that_cannot_be_meant_is_refused(table, message):
    with pytest.raises(OptionError, match=message):
        Mixture.read(table)


def test_a_mixture_is_read_from_toml_and_checked_against_the_data(tmp_path):
    path = tmp_path / "mixture.toml"
    path.write_text('[sources]\nnews = 2\n[languages]\nar-en = 0.5\n[licences]\nnews = "MIT"\n', encoding="utf-8")
    mixture = Mixture.read(path)
    pair = LabelledPair("a", "b", "neutral", "ar", "en", "news")
    assert mixture.rate(pair) == 1.0
    assert mixture.licence(pair) == "MIT"
    with pytest.raises(OptionError, match=r"no pair has 'news' under sources.*there are newz"):
        mixture.check([LabelledPair("a", "b", "neutral", "ar", "en", "newz")])
    path.write_text("[sources", encoding="utf-8")
    with pytest.raises(OptionError, match="cannot be read"):
        Mixture.read(path)


def test_what_cannot_be_trained_on_is_refused(tmp_path):
    with pytest.raises(OptionError, match="none is left to learn from"):
        train(ROWS, out=tmp_path, mixture={"sources": {}, "languages": {"ru": 0}}, exclude_noncommercial=True)
    with pytest.raises(PairError, match="no labelled pairs"):
        train([], out=tmp_path)
    with pytest.raises(ModelFilesError, match=r"is no model\.safetensors"):
        train(ROWS, out=tmp_path, start=tmp_path / "nowhere")
    with pytest.raises(OptionError, match="learning_rate is 0"):
        Recipe(learning_rate=0)
    with pytest.raises(OptionError, match="dropout is 1"):
        Recipe(dropout=1.0)


def test_pairs_of_one_premise_are_drawn_together_and_at_most_four(made):
    copies = [made[0], made[1], made[2]] * 3 + [made[3]]
    drawn = draw(copies, seed=1)
    assert sorted(map(hash, drawn)) == sorted(map(hash, copies))
    premises = [example.premise for example in drawn]
    changes = sum(one != other for one, other in pairwise(premises))
    assert changes <= 2  # three groups (4, 4, 1) of one premise, and the other pair somewhere between them


def test_a_pair_scores_the_same_alone_and_beside_others_of_any_length(made, file, tmp_path):
    run = Run(tmp_path, RECIPE, 4, file)
    run.model.eval()
    with torch.inference_mode():
        together = forward(run.model, made, file)
        for number, example in enumerate(made):
            for beside, alone in zip(together, forward(run.model, [example], file)):
                torch.testing.assert_close(beside[number], alone[0], rtol=1e-4, atol=1e-4)
