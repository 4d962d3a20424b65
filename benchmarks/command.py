"""What the measuring commands share: their arguments, the data they read, where a result goes."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results"


def parser(description: str | None) -> argparse.ArgumentParser:
    """Return a parser with the options that all commands have."""
    made = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--shared", type=Path, default=ROOT.parent / "shared", help="folder of the data (%(default)s)")
    made.add_argument("--write", action="store_true", help="write the result into benchmarks/results/")
    return made


def rows_of(path: Path) -> list[dict[str, Any]]:
    """Read gzipped JSON lines, or say what is missing."""
    if not path.is_file():
        sys.exit(f"{path} is not there; give the folder that holds the data as --shared")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def dev_path(options: argparse.Namespace, name: str) -> Path:
    """Return the path of a development set, or say that it is missing."""
    path: Path = options.shared / "nli" / "dev" / f"{name}.jsonl.gz"
    if not path.is_file():
        sys.exit(f"{path} is not there; give the folder that holds the data as --shared")
    return path


def finish(name: str, result: dict[str, Any], *, write: bool) -> None:
    """Print a result, and write it if that is wanted."""
    text = json.dumps(result, indent=2, ensure_ascii=False) + "\n"
    sys.stdout.write(text)
    if write:
        (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
