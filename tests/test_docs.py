"""What the documentation shows runs: every page with Python, top to bottom, and every cell of the notebook."""

import json
import re
import shlex
from pathlib import Path

import pytest

from contradict.cli import parser

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
RUN = [DOCS / "tutorial.md", *sorted((DOCS / "howto").glob("*.md"))]
PAGES = sorted(DOCS.rglob("*.md"))


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_a_page_runs_from_top_to_bottom(page, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    code = "\n".join(blocks(page, "python"))
    exec(compile(code, str(page), "exec"), {})
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
def test_its_commands_are_known(page):
    lines = [line.partition("#")[0] for code in blocks(page, "bash") for line in code.splitlines()]
    for line in lines:
        for part in line.split("|"):
            if part.strip().startswith("contradict "):
                assert parser().parse_args(shlex.split(part)[1:])


def test_every_cell_of_the_notebook_runs_and_its_outputs_are_kept(monkeypatch):
    pytest.importorskip("matplotlib", minversion="3.11")
    pytest.importorskip("IPython")
    monkeypatch.chdir(ROOT)
    notebook = json.loads((DOCS / "tour.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    names: dict[str, object] = {}
    for cell in cells:
        exec(compile("".join(cell["source"]), "tour.ipynb", "exec"), names)
    assert len(names["report"]) > 0
    assert all(output["output_type"] != "error" for cell in cells for output in cell["outputs"])
    assert sum(bool(cell["outputs"]) for cell in cells) == len(cells)


def test_the_notebook_tells_of_no_machine():
    text = (DOCS / "tour.ipynb").read_text(encoding="utf-8")
    assert not re.search(r"/(?:home|root|work|tmp|usr)/", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(DOCS)))
def test_links_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert link.startswith(("https://", "mailto:")) or (page.parent / link).exists(), link
