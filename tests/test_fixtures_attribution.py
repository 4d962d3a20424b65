"""The attribution gold is well formed: every offset points at what the format says it points at."""

import json
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"
LANGUAGES = ("ar", "ru", "en")
ARTICLE_KEYS = {"id", "lang", "date", "source", "title", "text", "statements"}
STATEMENT_KEYS = {
    "speaker", "speaker_span", "cue_span", "content_spans", "kind", "resolved", "stance", "checkable",
}  # fmt: skip
KINDS = {"direct", "indirect", "mixed", "belief"}
STANCES = {"asserts", "rejects", "asks", "unsure"}
LEAST = {"ar": (8, 60), "ru": (6, 45), "en": (6, 45)}  # articles, statements
OPENING, CLOSING = '«“"„‘”', '»”"“’'  # Arabic outlets also open with ”
MARKS = {"ar": ["«»", "“”", '""'], "ru": ["«»", '""', "„“"], "en": ["“”", '""', "‘’"]}


def load(lang):
    path = FIXTURES / f"attribution_{lang}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


ARTICLES = [article for lang in LANGUAGES for article in load(lang)]
STATEMENTS = [(article, statement) for article in ARTICLES for statement in article["statements"]]
EVERY_ARTICLE = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
EVERY_STATEMENT = pytest.mark.parametrize(
    ("article", "statement"), STATEMENTS, ids=[f"{a['id']}-{a['statements'].index(s) + 1}" for a, s in STATEMENTS]
)


def spans(statement):
    single = [statement["speaker_span"], statement["cue_span"]]
    return [span for span in single if span is not None] + statement["content_spans"]


def test_ids_are_unique():
    assert len({article["id"] for article in ARTICLES}) == len(ARTICLES)


@EVERY_ARTICLE
def test_an_article_has_its_fields(article):
    assert set(article) == ARTICLE_KEYS
    assert article["id"].startswith(article["lang"] + "-")
    assert date.fromisoformat(article["date"]) < date(2026, 1, 1)
    assert article["source"]
    first_line = article["text"].split("\n")[0]
    assert article["title"] == (first_line if article["title"] else None)
    assert 40 <= len(article["text"].split()) <= 150
    assert article["text"] == article["text"].strip()
    assert not set("{}") & set(article["text"])  # no mark-up left over


@EVERY_STATEMENT
def test_a_statement_has_its_fields(article, statement):
    assert set(statement) == STATEMENT_KEYS
    assert statement["kind"] in KINDS
    assert statement["stance"] in STANCES
    assert isinstance(statement["checkable"], bool)
    assert statement["content_spans"]
    assert (statement["speaker"] is None) == (statement["speaker_span"] is None)
    assert statement["resolved"] or statement["kind"] == "belief"  # only a belief may have nobody behind it
    assert statement["cue_span"] or statement["content_spans"][0][1] == len(article["title"])  # "X: ..."


@EVERY_STATEMENT
def test_spans_lie_in_the_text_and_end_at_words(article, statement):
    text = article["text"]
    for start, end in spans(statement):
        assert 0 <= start < end <= len(text)
        piece = text[start:end]
        assert piece == piece.strip()
        assert "\n" not in piece
        assert not text[end : end + 1].isalnum()
        # an Arabic span may begin inside a token, after an attached particle: و ف ب ل
        assert not text[start - 1 : start].isalnum() or (article["lang"] == "ar" and text[start - 1] in "وفبل")
    if statement["speaker_span"]:
        start, end = statement["speaker_span"]
        assert statement["speaker"] == text[start:end]
    contents = statement["content_spans"]
    assert all(left[1] < right[0] for left, right in pairwise(contents))


@EVERY_STATEMENT
def test_quote_marks_agree_with_the_kind(article, statement):
    text = article["text"]
    first, last = statement["content_spans"][0], statement["content_spans"][-1]
    inside = text[first[0] : last[1]]
    if statement["kind"] == "direct":
        assert text[first[0] - 1] in OPENING
        assert text[last[1]] in CLOSING
    elif statement["kind"] == "mixed":
        assert set(inside) & set(OPENING)
    if statement["kind"] != "direct":
        assert inside[-1] not in ".,،"
        opened = sum(inside.count(mark) for mark in "«“„")
        assert opened == sum(inside.count(mark) for mark in "»”") or article["lang"] == "ar"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_there_is_enough_of_everything(lang):
    articles = load(lang)
    statements = [statement for article in articles for statement in article["statements"]]
    least_articles, least_statements = LEAST[lang]
    assert len(articles) >= least_articles
    assert len(statements) >= least_statements
    assert min(Counter(s["kind"] for s in statements)[kind] for kind in KINDS) >= 5
    assert min(Counter(s["stance"] for s in statements)[stance] for stance in STANCES) >= 3
    assert any(not article["statements"] for article in articles)  # nothing but traps
    assert sum(len(s["content_spans"]) > 1 for s in statements) >= 3
    assert sum(s["cue_span"] is None for s in statements) >= 2
    before = [s["speaker_span"][0] < s["content_spans"][0][0] for s in statements if s["speaker_span"]]
    assert min(before.count(True), before.count(False)) >= 5


@pytest.mark.parametrize(("lang", "pair"), [(lang, pair) for lang in LANGUAGES for pair in MARKS[lang]])
def test_each_pair_of_quote_marks_occurs(lang, pair):
    direct_or_mixed = [
        article["text"][s["content_spans"][0][0] - 1 : s["content_spans"][-1][1] + 1]
        for article in load(lang)
        for s in article["statements"]
        if s["kind"] in {"direct", "mixed"}
    ]
    assert sum(pair[0] in piece and pair[1] in piece for piece in direct_or_mixed) >= 2


@EVERY_ARTICLE
def test_statements_are_in_order_and_distinct(article):
    starts = [statement["content_spans"][0][0] for statement in article["statements"]]
    assert starts == sorted(starts)
    keys = [(s["resolved"], str(s["content_spans"])) for s in article["statements"]]
    assert len(set(keys)) == len(keys)
