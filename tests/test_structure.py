"""The structure that the documentation promises: layers, exports, a light import."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import contradict

PACKAGE = Path(contradict.__file__).parent
LAYERS = (  # each imports only what stands above it
    ("errors", "toml", "workers", "progress"),
    ("claims",),
    ("numerals", "lexicon"),
    ("evidence", "articles"),
    ("constraints", "tiles"),
    ("candidates", "apart"),
    ("neighbours",),
    ("vectors", "pairs", "checkpoint"),
    ("ranking", "budget", "reprints"),
    ("verdicts",),
    ("labelled", "calibration"),
    ("judged", "provenance"),
    ("topics", "disputes", "matrix", "speaker_groups"),
    ("report",),
    ("render",),
    ("models",),
    ("detector",),
    ("drafts",),
    ("perturbations",),
    ("front", "evaluation", "testing"),
    ("training",),
    ("cli_models", "cli_articles"),
    ("cli", "__main__"),
)
HEAVY = (
    "torch",
    "sklearn",
    "sentence_transformers",
    "datasets",
    "onnxruntime",
    "pandas",
    "matplotlib",
    "dateparser",
    "transformers",
)


def layer_of(module: str) -> int:
    head = module.split(".")[1]
    for number, names in enumerate(LAYERS):
        if head in names or (head.startswith("claim_") and "claims" in names):
            return number
    message = f"{module} stands in no layer; add it to the table here and in docs/design.md"
    raise AssertionError(message)


def imports_at_the_top(path: Path) -> list[str]:
    """Modules of this package that a file imports when it is imported itself."""
    found = []
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("contradict"):
            names = [f"{node.module}.{alias.name}" for alias in node.names] if node.module == "contradict" else []
            found += names or [node.module]
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names if alias.name.startswith("contradict.")]
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_import_only_what_stands_above_them(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    if parts == ("__init__",):
        return
    module = ".".join(("contradict", *parts))
    for imported in imports_at_the_top(path):
        assert layer_of(imported) <= layer_of(module), f"{module} imports {imported}"


def test_every_public_name_is_there_and_documented():
    assert sorted(set(contradict.__all__)) == sorted(contradict._HOME_OF)
    for name in contradict.__all__:
        assert getattr(contradict, name).__doc__, name
    assert dir(contradict) == sorted(contradict.__all__)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'compair'"):
        contradict.compair  # noqa: B018


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_import_is_light():
    code = f"import sys, json, contradict; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    assert json.loads(run(code)) == []


def test_import_takes_under_three_tenths_of_a_second():
    code = "import time; t = time.perf_counter(); import contradict; print(time.perf_counter() - t)"
    assert min(float(run(code)) for _ in range(3)) < 0.3


def test_the_bundled_path_never_imports_torch_and_opens_no_socket():
    code = """
import socket, sys
def refuse(*a, **k): raise AssertionError("a socket was opened")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
sys.addaudithook(lambda event, args: refuse() if event in ("socket.connect", "socket.getaddrinfo") else None)
import contradict
report = contradict.compare("The bridge was closed on Monday.", "The bridge was not closed on Monday.")
assert report.counts.pairs_judged == 1
print([m for m in ("torch", "transformers", "sentence_transformers") if m in sys.modules])
"""
    assert run(code).strip() == "[]"
