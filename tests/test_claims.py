"""Claims come in from wherever they are; what cannot be used is refused with its place and the way out."""

import datetime
import gzip
import io
import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contradict import Claim, read_claims, read_claims_stream
from contradict.claims import unique_ids
from contradict.errors import ClaimError, ClaimFileError, OptionError

ROW = {
    "claim": "No civilians died.",
    "Claimant": "Lavrov",
    "outlet": "TASS",
    "date": "2015-10-01",
    "lang": "en",
    "n": 3,
}
WANTED = Claim("No civilians died.", "Lavrov", "TASS", "2015-10-01", "en", meta={"n": 3})

words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), min_size=1).filter(str.strip)
claims = st.builds(
    Claim,
    text=words,
    speaker=st.none() | words,
    source=st.none() | words,
    date=st.none() | st.dates() | st.datetimes(),
    lang=st.sampled_from([None, "ar", "zh-Hant"]),
    span=st.none() | st.tuples(st.integers(0, 9), st.integers(10, 99)),
    context=st.none() | words,
    meta=st.dictionaries(words, st.integers() | words, max_size=3),
)


@given(claims)
def test_a_claim_survives_plain_data_json_and_pickle(claim):
    assert Claim.from_dict(claim.to_dict()) == claim
    assert Claim.from_dict(json.loads(json.dumps(claim.to_dict()))) == claim
    assert pickle.loads(pickle.dumps(claim)) == claim
    assert len({claim, Claim.from_dict(claim.to_dict())}) == 1


@given(claims)
def test_the_id_is_made_of_the_content(claim):
    again = Claim(claim.text, claim.speaker, claim.source, claim.date, claim.lang, span=claim.span)
    assert again.id == claim.id
    assert Claim(claim.text + "!", claim.speaker, claim.source, claim.date, claim.lang, span=claim.span).id != claim.id


def test_a_claim_is_frozen():
    with pytest.raises(AttributeError):
        WANTED.text = "x"
    with pytest.raises(TypeError):
        WANTED.meta["n"] = 4


def test_who_answers_for_a_claim():
    assert Claim("x", speaker="Ann", source="Post").asserter == "Ann"
    assert Claim("x", source="Post").asserter == "Post"
    assert Claim("x").asserter is None


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("2015-10-01", datetime.date(2015, 10, 1)),
        ("2015-10-01T14:00:00Z", datetime.datetime(2015, 10, 1, 14, tzinfo=datetime.timezone.utc)),
        (datetime.date(2015, 10, 1), datetime.date(2015, 10, 1)),
        ("  ", None),
        (float("nan"), None),
    ],
)
def test_dates(given, stored):
    assert Claim("x", date=given).date == stored


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"text": " "}, "empty"),
        ({"text": 7}, "7"),
        ({"text": "x", "date": "01/10/2015"}, "01/10/2015"),
        ({"text": "x", "date": 2015}, "2015"),
        ({"text": "x", "lang": "Arabic!"}, "Arabic!"),
        ({"text": "x", "span": (5, 2)}, "5"),
        ({"text": "x", "speaker": ["a", "b"]}, "speaker"),
        ({"text": "x\ud800"}, "ud800"),
        ({"text": "x", "meta": 3}, "meta"),
    ],
)
def test_what_cannot_be_used_is_refused(fields, named):
    with pytest.raises(ClaimError, match=named):
        Claim(**fields)


# In memory.


def frames():
    import datasets
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    return {
        "dict": ROW,
        "list": [ROW],
        "generator": (row for row in [ROW]),
        "claims": [WANTED],
        "pandas": pd.DataFrame([ROW]),
        "polars": pl.DataFrame([ROW]),
        "arrow": pa.Table.from_pylist([ROW]),
        "dataset": datasets.Dataset.from_list([ROW]),
    }


@pytest.mark.parametrize("kind", ["dict", "list", "generator", "claims", "pandas", "polars", "arrow", "dataset"])
def test_every_kind_of_table_gives_the_same_claim(kind):
    assert read_claims(frames()[kind]) == (WANTED,)


def test_strings_are_texts_and_mix_with_the_rest():
    assert [claim.text for claim in read_claims(["a b", ROW, WANTED])] == ["a b", WANTED.text, WANTED.text]
    assert read_claims("one claim")[0].text == "one claim"


def test_a_claim_review_of_schema_org():
    review = {
        "claimReviewed": "No civilians died.",
        "author": {"@type": "Organization", "name": "Fact Check"},
        "itemReviewed": {"author": {"name": "Lavrov"}},
        "url": "https://example.org",
    }
    claim = read_claims(review)[0]
    assert (claim.speaker, claim.source, claim.url) == ("Lavrov", "Fact Check", "https://example.org")


def test_columns_can_be_named():
    assert read_claims([{"body": "x y", "who": "Ann"}], columns={"text": "body", "speaker": "who"})[0].speaker == "Ann"
    with pytest.raises(OptionError, match="did you mean 'speaker'"):
        read_claims([ROW], columns={"speeker": "who"})
    with pytest.raises(ClaimError, match="bodi"):
        read_claims([{"body": "x"}], columns={"text": "bodi"})


def test_missing_cells_are_absent():
    import pandas as pd

    frame = pd.DataFrame([ROW, {"claim": "x y"}])
    assert read_claims(frame)[1] == Claim("x y", meta=read_claims(frame)[1].meta)


def test_empty_claims_are_refused_or_left_out():
    with pytest.raises(ClaimError, match=r"claim 2 .*skip_empty=True"):
        read_claims(["a", " "])
    assert len(read_claims(["a", " "], skip_empty=True)) == 1


@pytest.mark.parametrize("data", [7, None, b"bytes", [7], {"no": "text"}, [["a"]]])
def test_what_holds_no_claims_is_refused(data):
    with pytest.raises(ClaimError):
        read_claims(data)


# Ids.


def test_the_same_claim_twice_is_kept_twice():
    first, second = read_claims(["a", "a"])
    assert second.id == f"{first.id}-2"


def test_an_id_given_twice_is_refused_with_both_places():
    with pytest.raises(ClaimError, match=r"claims 1 .* and 3 .*'x'"):
        read_claims([{"text": "a", "id": "x"}, "b", {"text": "c", "id": "x"}])


@given(st.permutations([Claim("a", context="1"), Claim("a", context="2"), Claim("b"), Claim("a")]))
def test_which_copy_is_the_second_does_not_depend_on_order(pool):
    assert set(unique_ids(pool)) == set(
        unique_ids([Claim("a", context="1"), Claim("a", context="2"), Claim("b"), Claim("a")])
    )


# Files.


def write(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


LINE = json.dumps(ROW).encode()
CSV = b"claim,Claimant,outlet,date,lang\nNo civilians died.,Lavrov,TASS,2015-10-01,en\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", LINE + b"\n"),
        ("a.jsonl", b"\xef\xbb\xbf" + LINE),
        ("a.ndjson", LINE),
        ("a.jsonl.gz", gzip.compress(LINE)),
        ("a.json", b"[" + LINE + b"]"),
        ("a.json", b'{"claims": [' + LINE + b"]}"),
        ("a.csv", CSV),
        ("a.csv", CSV.replace(b",", b";")),
        ("a.tsv", CSV.replace(b",", b"\t")),
        ("a.csv.gz", gzip.compress(CSV)),
    ],
)
def test_files(tmp_path, name, content):
    (claim,) = read_claims(write(tmp_path, name, content))
    assert (claim.text, claim.speaker, claim.source, claim.date) == (
        WANTED.text, WANTED.speaker, WANTED.source, WANTED.date,
    )  # fmt: skip


def test_parquet(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pylist([ROW]), tmp_path / "a.parquet")
    assert read_claims(tmp_path / "a.parquet") == (WANTED,)


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("a.jsonl", LINE + b'\n{"text": \n', "row 2"),
        ("a.jsonl", LINE + b'\n{"text": "\xff"}\n', "row 2: byte"),
        ("a.jsonl", b"", "empty"),
        ("a.jsonl", LINE + b'\n{"text": " "}\n', "row 2"),
        ("a.jsonl", LINE + b'\n{"text": "x", "date": "01/10/2015"}\n', "row 2"),
        ("a.jsonl.gz", LINE, "not gzip"),
        ("a.parquet", LINE, "not Parquet"),
        ("a.csv", LINE, "not csv"),
        ("a.csv", b"<!DOCTYPE html><html></html>", "html|HTML"),
        ("a.csv", b"claim,who\nx,y,z\n", "row 2 has 3 fields"),
        ("a.csv", b"clam,who\nx y,z\n", "did you mean 'claim'|clam"),
        ("a.json", b'"text"', "list of objects"),
        ("a.txt", b"hello", "jsonl"),
        ("a.xlsx", b"PK", "CSV"),
    ],
)
def test_broken_files_are_refused_with_file_row_and_way_out(tmp_path, name, content, named):
    with pytest.raises(ClaimError, match=named) as caught:
        read_claims(write(tmp_path, name, content))
    assert name in str(caught.value)
    assert ";" in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    write(tmp_path, "claims.jsonl", LINE)
    with pytest.raises(ClaimFileError, match=r"did you mean 'claims.jsonl'"):
        read_claims(tmp_path / "claim.jsonl")


def test_streams():
    assert read_claims_stream(io.StringIO(json.dumps(ROW) + "\n")) == (WANTED,)
    with pytest.raises(ClaimError, match="<stdin>, row 1"):
        read_claims_stream(io.StringIO("{\n"))
    with pytest.raises(ClaimError, match="is empty"):
        read_claims_stream(io.StringIO(""))
