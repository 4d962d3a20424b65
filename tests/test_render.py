"""What is rendered is escaped, complete and says what was left out."""

import csv
import io
import json
import re

import pytest

from contradict import Claim
from contradict.render.page import direction, marked, web_link
from contradict.render.terminal import print_report

EVIL = "<script>alert(1)</script> the bridge was closed"


@pytest.fixture
def report(fake):
    return fake.compare(
        [
            Claim(EVIL, speaker="Ann <b>", url="javascript:alert(1)", lang="en"),
            Claim("the bridge was not closed", speaker='B"ob', url="https://example.org/?a=1&b=2"),
            Claim("لم يُغلق الجسر the bridge was not closed", speaker="ليلى", source="الحياة", lang="ar"),
        ]
    )


def test_every_text_is_escaped_and_only_web_links_are_links(report):
    page = report.to_html()
    assert len(report) == 2
    assert page.count("<script") == 1
    assert page.index("<script") > page.index("</footer>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Ann &lt;b&gt;" in page
    assert "javascript:" not in page
    assert 'href="https://example.org/?a=1&amp;b=2"' in page


def test_the_page_needs_nothing_from_outside(report):
    page = report.to_html()
    assert not re.search(r"<(link|img|iframe)\b|<script[^>]|@import|url\(", page)
    assert set(re.findall(r'(?:src|href)="([^"]+)"', page)) == {"https://example.org/?a=1&amp;b=2"}


def test_right_to_left_text_is_right_to_left(report):
    page = report.to_html()
    assert re.search(r'lang="ar".*?<p dir=rtl>(<mark>)?لم', page, re.DOTALL)
    assert re.search(r'lang="en".*?<p>&lt;script', page, re.DOTALL)  # as the page itself
    assert "<p dir=auto>the bridge" in page  # nobody said what language it is in


def test_the_page_names_models_thresholds_and_caps(report):
    page = report.to_html()
    for part in ("fake-encoder", "fake-nli", "min_probability", "pairs dropped", "top_k"):
        assert part in page


def test_an_empty_report_is_a_page_too(fake):
    assert "No pair reached the threshold" in fake.compare([]).to_html()


def test_a_notebook_gets_a_fragment(report):
    html = report._repr_html_()
    assert "<html" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://example.org/a", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        ("http://[x", False),
        (None, False),
    ],
)
def test_only_urls_of_the_web_are_links(url, link):
    assert (web_link(url) == url and url is not None) is link


@pytest.mark.parametrize(("lang", "expected"), [("ar", "rtl"), ("fa-IR", "rtl"), ("ru", "ltr"), (None, "auto")])
def test_directions(lang, expected):
    assert direction(lang) == expected


def test_the_terminal_shows_both_sides_and_what_was_not_printed(report):
    out = io.StringIO()
    print_report(report, out, limit=1)
    text = out.getvalue()
    assert "Ann <b>" in text
    assert "… and 1 more" in text
    assert "2 conflicts" in text
    assert "\u2068" not in text  # no direction marks in what is piped


def test_control_characters_do_not_reach_the_terminal(fake):
    report = fake.compare(
        [Claim("the \x1b[31mbridge was closed", speaker="A"), Claim("the bridge was not closed", speaker="B")]
    )
    out = io.StringIO()
    print_report(report, out)
    assert len(report) == 1
    assert "\x1b" not in out.getvalue()


def test_markup_in_a_claim_is_text_in_the_terminal(fake):
    report = fake.compare(
        [Claim("[bold]the bridge was closed[/bold]", speaker="A"), Claim("the bridge was not closed", speaker="B")]
    )
    out = io.StringIO()
    print_report(report, out)
    assert "[bold]the bridge" in out.getvalue()


def test_markdown_escapes_what_it_would_read(fake):
    report = fake.compare(
        [Claim("the *bridge* was [closed](x)", speaker="A_b"), Claim("the bridge was not closed\n# now", speaker="B")]
    )
    text = report.to_markdown()
    assert "the \\*bridge\\* was \\[closed\\]\\(x\\)" in text
    assert "**A\\_b**" in text
    assert "\n# now" not in text
    assert "… and 1 more" in report.to_markdown(limit=0)


def test_context_for_a_prompt_keeps_claims_inside_json(report):
    lines = report.as_prompt_context(limit=1).splitlines()
    assert len(lines) == 3
    row = json.loads(lines[1])
    assert EVIL in [statement["text"] for statement in row["statements"]]
    assert lines[2].startswith("1 of 2 contradictions shown.")


def test_a_dataset_has_the_same_types_whatever_is_in_it(report, fake):
    empty = fake.compare([]).to_dataset()
    assert empty.features == report.to_dataset().features
    assert empty.features["url_a"].dtype == "string"


def test_a_dataset_has_a_row_for_each_conflict(report):
    rows = report.to_dataset()
    assert len(rows) == len(report)
    assert set(rows.column_names) == set(report.to_frame().columns)


def test_words_that_differ_are_marked(fake):
    report = fake.compare(
        [Claim("the bridge was closed", speaker="A"), Claim("the bridge was not closed", speaker="B")]
    )
    assert "<mark>not</mark>" in report.to_html()


@pytest.mark.parametrize(
    ("text", "spans", "parts"),
    [
        ("abc", [(1, 2)], [("a", False), ("b", True), ("c", False)]),
        ("abc", [(0, 2), (1, 3)], [("abc", True)]),
        ("abc", [(2, 99)], [("ab", False), ("c", True)]),
        ("", [], []),
    ],
)
def test_marks_cover_the_spans(text, spans, parts):
    assert marked(text, spans) == parts


def test_csv_has_the_rows_of_the_frame_and_runs_no_formula(fake):
    report = fake.compare(
        [
            Claim('=HYPERLINK("x") the bridge was closed', speaker="A,\n1"),
            Claim("the bridge was not closed", speaker="B"),
        ]
    )
    rows = list(csv.DictReader(io.StringIO(report.to_csv())))
    frame = report.to_frame()
    assert list(rows[0]) == list(frame.columns)
    assert len(rows) == len(frame) == 1
    assert {rows[0]["speaker_a"], rows[0]["speaker_b"]} == {"A,\n1", "B"}
    assert {rows[0]["text_a"][:2], rows[0]["text_b"][:2]} == {"'=", "th"}
    assert rows[0]["topic"] == frame.topic[0] == report.topic_of(report[0]).name
