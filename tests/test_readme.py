"""What the README shows is so."""

import doctest
import importlib
import re
import shlex
from pathlib import Path

import pytest

from contradict.cli import parser

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
PYTHON = [code for language, code in BLOCKS if language == "python"]


def test_the_first_example_runs_offline_and_finds_the_conflict(capsys):
    exec(compile(PYTHON[0], "README.md", "exec"), {})
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1
    assert "Ministry of Defence" in printed[0]
    assert "US officials" in printed[0]


@pytest.mark.parametrize("code", PYTHON)
def test_every_example_is_python(code):
    compile(code, "README.md", "exec")


DOCTESTED = (
    "contradict",
    "contradict.front",
    "contradict.claims",
    "contradict.evaluation",
    "contradict.articles.extraction",
)


@pytest.mark.parametrize("module", DOCTESTED)
def test_examples_in_docstrings_give_what_they_show(module):
    tested = doctest.testmod(importlib.import_module(module))
    assert tested.attempted > 0
    assert tested.failed == 0


def commands() -> list[str]:
    lines = [line for language, code in BLOCKS if language == "bash" for line in code.splitlines()]
    return [
        part.strip() for line in lines for part in re.split(r"&&|\|", line) if part.strip().startswith("contradict ")
    ]


@pytest.mark.parametrize("command", commands())
def test_every_command_is_one_that_the_command_line_knows(command):
    assert parser().parse_args(shlex.split(command)[1:])


def test_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert link.startswith("https://") or (ROOT / link).exists(), link
