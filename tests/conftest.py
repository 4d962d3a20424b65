"""What several test modules need."""

from pathlib import Path

import pytest

import contradict
from contradict.testing import FakeEncoder, FakeNLI

FIXTURES = Path(__file__).parent.parent / "fixtures"


@pytest.fixture(scope="session")
def bundled() -> contradict.Detector:
    return contradict.Detector()


@pytest.fixture
def fake() -> contradict.Detector:
    return contradict.Detector(FakeEncoder(), FakeNLI())
