"""Labelled pairs come from files, tables, datasets and hubs, and what cannot be meant is refused."""

import json
from pathlib import Path

import datasets
import pandas as pd
import pytest

from contradict.errors import ClaimFileError, PairError
from contradict.labelled import LabelledPair, languages_of, read_labelled

ROW = {"premise": "a", "hypothesis": "b", "label": "contradiction", "lang": "en", "source": "mine"}
PAIR = LabelledPair("a", "b", "contradiction", "en", source="mine", group="a")
NAMES = ["entailment", "neutral", "contradiction"]


def test_a_pair_is_the_same_from_every_door(tmp_path):
    path = tmp_path / "pairs.jsonl"
    path.write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    dataset = datasets.Dataset.from_list([ROW])
    for data in ([ROW], path, [path], pd.DataFrame([ROW]), dataset, [PAIR], (row for row in [ROW])):
        assert read_labelled(data) == (PAIR,)
    assert read_labelled([path, path]) == (PAIR, PAIR)


def test_the_names_of_the_field_are_known(tmp_path):
    row = {"sentence1": "a", "sentence2": "b", "gold_label": "Contradictory", "language": "en", "hypothesis_lang": "ar"}
    (pair,) = read_labelled([row])
    assert (pair.premise, pair.hypothesis, pair.label, pair.languages) == ("a", "b", "contradiction", "en-ar")
    path = tmp_path / "ans.csv"
    path.write_text("premise,hypothesis,label\na,b,neutral\n", encoding="utf-8")
    assert read_labelled(path)[0].source == "ans"  # the file's name, where the rows name none
    assert languages_of([pair, PAIR]) == ["en", "en-ar"]


def test_numbers_mean_what_the_feature_or_the_caller_says():
    features = datasets.Features(
        {
            "premise": datasets.Value("string"),
            "hypothesis": datasets.Value("string"),
            "label": datasets.ClassLabel(names=["contradiction", "entailment", "neutral"]),
        }
    )
    rows = [{"premise": "a", "hypothesis": "b", "label": 0}]
    assert read_labelled(datasets.Dataset.from_list(rows, features=features))[0].label == "contradiction"
    assert read_labelled(rows, labels=NAMES)[0].label == "entailment"
    with pytest.raises(PairError, match="say what the numbers mean"):
        read_labelled(rows)
    with pytest.raises(PairError, match="leave out what is not labelled"):
        read_labelled([rows[0] | {"label": -1}], labels=NAMES)


def test_a_name_is_a_dataset_on_a_hub(tmp_path, monkeypatch):
    """XNLI as the hub serves it: one configuration a language, numbered labels whose feature names them."""
    folder = tmp_path / "xnli"
    for lang, text in (("ar", "نعم"), ("en", "yes")):
        (folder / lang).mkdir(parents=True)
        row = {"premise": text, "hypothesis": text, "label": 0}
        (folder / lang / "test.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    card = {
        "configs": [
            {"config_name": lang, "data_files": [{"split": "test", "path": f"{lang}/test.jsonl"}]}
            for lang in ("ar", "en")
        ],
        "dataset_info": [
            {
                "config_name": lang,
                "features": [
                    {"name": "premise", "dtype": "string"},
                    {"name": "hypothesis", "dtype": "string"},
                    {"name": "label", "dtype": {"class_label": {"names": dict(zip("012", NAMES))}}},
                ],
            }
            for lang in ("ar", "en")
        ],
    }
    (folder / "README.md").write_text(f"---\n{json.dumps(card)}\n---\n", encoding="utf-8")
    monkeypatch.setattr("contradict.labelled.DATASETS", {"xnli": str(folder)})
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "cache")
    pairs = read_labelled("xnli", lang=["ar", "en"])
    assert [(pair.premise, pair.label, pair.lang, pair.source) for pair in pairs] == [
        ("نعم", "entailment", "ar", "xnli"),
        ("yes", "entailment", "en", "xnli"),
    ]


def test_a_dataset_that_is_not_there_is_an_error_with_the_way_out(tmp_path, monkeypatch):
    monkeypatch.setattr("contradict.labelled.DATASETS", {"xnli": str(tmp_path / "nowhere")})
    with pytest.raises(PairError, match=r"pass a pathlib\.Path"):
        read_labelled("xnli", lang="ar")
    with pytest.raises(PairError, match=r"pass pathlib.Path\('pairs.jsonl'\)"):
        read_labelled("pairs.jsonl")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**ROW, "premise": " "}, "has no premise"),
        ({"premis": "a", "hypothesis": "b", "label": "neutral"}, "has no premise.*did you mean 'premis'"),
        ({**ROW, "label": "contradicton"}, ".*did you mean 'contradiction'"),
        ({**ROW, "label": None}, "has the label None"),
        ("a string", ".*a labelled pair is a mapping"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_place(row, message):
    with pytest.raises(PairError, match=r"data\[1\] " + message):
        read_labelled([ROW, row])


def test_nothing_is_no_data(tmp_path):
    with pytest.raises(PairError, match="no labelled pairs"):
        read_labelled([])
    with pytest.raises(ClaimFileError, match="does not exist"):
        read_labelled(Path(tmp_path / "pairs.jsonl"))
