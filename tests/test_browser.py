"""The page in a real browser: it opens without a server, its filters run, Arabic runs from right to left."""

import shutil
import subprocess
from pathlib import Path

import pytest

from contradict import Claim

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture
def page(fake, tmp_path: Path) -> Path:
    report = fake.compare(
        [
            Claim("the bridge was closed <script>document.title='owned'</script>", speaker="Ann", lang="en"),
            Claim("the bridge was not closed", speaker="Bob", lang="en"),
            Claim("لم يُغلق الجسر the bridge was not closed", speaker="ليلى", lang="ar"),
        ]
    )
    path = tmp_path / "report.html"
    path.write_text(report.to_html(), encoding="utf-8")
    return path


def opened(page: Path, *options: str) -> str:
    assert CHROMIUM is not None
    done = subprocess.run(
        [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", *options, page.as_uri()],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return done.stdout


def test_the_filters_run_and_no_claim_does(page):
    seen = opened(page, "--dump-dom")
    assert '<form class="filter">' in seen  # the script took its `hidden` away
    assert "owned</title>" not in seen
    assert 'dir="rtl"' in seen


def test_the_page_can_be_looked_at(page, tmp_path):
    picture = tmp_path / "page.png"
    opened(page, f"--screenshot={picture}", "--window-size=420,900")
    assert picture.stat().st_size > 5_000
