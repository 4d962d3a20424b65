"""The written claims can be read, and what is held out is not trained on."""

import pytest

from benchmarks.written import (
    FOLDER,
    KINDS,
    SOURCES,
    Event,
    claims_of,
    events,
    pairs_of_event,
    pairs_of_group,
    read_events,
    read_groups,
    written,
)

EVENT = """\
# Fire at the mill
## cause
= en | A spark from a grinder set the mill on fire.
+ ru | Мельница загорелась от искры.
= en | Lightning set the mill on fire.
~ en | The mill burnt down once before.
## victims
= en | Nobody was hurt at the mill.
"""
RUMOUR = """\
# en | The mill will be rebuilt.
E en | Mill to rise again
N en | Owner thinks about the mill's future
C en | No new mill: the ground is sold
"""


@pytest.fixture
def event(tmp_path):
    path = tmp_path / "mill.events.txt"
    path.write_text(EVENT, encoding="utf-8")
    (read,) = read_events(path)
    return read


def test_the_structure_of_an_event_labels_its_pairs(event):
    made = {(pair.premise[:6], pair.hypothesis[:6]): (pair.label, pair.source) for pair in pairs_of_event(event)}
    assert len(claims_of(event)) == 5
    assert len(made) == 5 * 4
    assert made["A spar", "Мельни"] == made["Мельни", "A spar"] == ("entailment", "event_same")
    assert made["Мельни", "Lightn"] == ("contradiction", "event_against")
    assert made["Lightn", "The mi"] == ("neutral", "event_near")
    assert made["Nobody", "Lightn"] == ("neutral", "event_beside")
    assert {pair.hypothesis_lang for pair in pairs_of_event(event) if pair.hypothesis[:6] == "Мельни"} == {"ru"}


def test_headlines_are_premises_and_contradict_each_other(tmp_path):
    path = tmp_path / "mill.headlines.txt"
    path.write_text(RUMOUR, encoding="utf-8")
    ((first, others),) = read_groups(path)
    made = {(pair.premise[:4], pair.hypothesis[:4]): pair.label for pair in pairs_of_group(first, others, "headlines")}
    assert made == {
        ("Mill", "The "): "entailment",
        ("Owne", "The "): "neutral",
        ("No n", "The "): "contradiction",
        ("Mill", "No n"): "contradiction",
    }


@pytest.mark.parametrize(
    "line", ["en | no mark", "= en no bar", "= en | two | bars", "! en | odd mark", "E en | other"]
)
def test_a_line_that_is_not_of_the_format_is_refused(tmp_path, line):
    path = tmp_path / "odd.events.txt"
    path.write_text(f"# title\n## question\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.events\.txt, line 3: not understood"):
        read_events(path)


@pytest.mark.parametrize("lines", ["## question", "# title\n= en | text", "# title\n## question\n+ en | text"])
def test_a_claim_before_what_it_belongs_to_is_refused(tmp_path, lines):
    path = tmp_path / "odd.events.txt"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.events\.txt: .* stands before"):
        read_events(path)
    path.write_text("E en | text", encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.events\.txt: .* stands before"):
        read_groups(path)


def test_every_pair_names_a_known_source():
    assert {pair.source for pair in written(out=True)} == {*SOURCES}


def test_what_is_held_out_is_not_trained_on():
    held_out, trained = ({(pair.premise, pair.hypothesis) for pair in written(out=out)} for out in (True, False))
    assert len(held_out) > 1_000
    assert not held_out & trained
    texts = {text.text for event in events(out=False) for text, *_ in claims_of(event)}
    assert not texts & {text.text for event in events(out=True) for text, *_ in claims_of(event)}


def test_every_file_is_read():
    paths = sorted(FOLDER.glob("*.txt"))
    assert len(paths) > 10
    assert {path.name.split(".")[1] for path in paths} == {*KINDS}
    for path in paths:
        read = read_events(path) if ".events." in path.name else read_groups(path)
        assert len(read) > 50
        assert all(of.questions if isinstance(of, Event) else of[1] for of in read)
