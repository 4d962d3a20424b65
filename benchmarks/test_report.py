"""The documentation shows the results that are stored."""

import pytest

from benchmarks.report import documents, made


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_documents_are_up_to_date(path):
    text = path.read_text(encoding="utf-8")
    assert made(text) == text, "run python -m benchmarks.report"
