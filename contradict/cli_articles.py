"""The commands about articles: extract, evaluate-attribution."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def add_extract(command: argparse.ArgumentParser) -> None:
    """Describe the options of `extract`."""
    add = command.add_argument
    add("files", nargs="+", metavar="FILE", help="articles as .txt, .md or .html")
    add("--lang", metavar="LANG", help="their language (detected, paragraph by paragraph)")
    add("--date", metavar="DATE", help="when they were published")
    add("--aliases", metavar="FILE", help='TOML of "spelling" = "name", for speakers that you know')
    add("--out", metavar="FILE", help="write the claims here as JSON lines, instead of to stdout")
    command.set_defaults(run=run_extract)


def run_extract(options: argparse.Namespace) -> int:
    """Write the claims of articles as JSON lines, as `compare` reads them."""
    from contradict.articles.extraction import extract

    claims = extract(
        [Path(name) for name in options.files],
        lang=options.lang,
        date=options.date,
        aliases=Path(options.aliases) if options.aliases else None,
        show_progress_bar=True,
    )
    lines = [json.dumps(claim.to_dict(), ensure_ascii=False) + "\n" for claim in claims]
    if options.out:
        Path(options.out).write_text("".join(lines), encoding="utf-8")
        sys.stdout.write(f"{len(lines):,} claims written to {options.out}\n")
    else:
        sys.stdout.write("".join(lines))
    return 0


def add_evaluate_attribution(command: argparse.ArgumentParser) -> None:
    """Describe the options of `evaluate-attribution`."""
    command.add_argument("files", nargs="+", metavar="FILE", help="PolNeAR, ADAQ or fixtures/attribution_*.jsonl")
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=run_evaluate_attribution)


def run_evaluate_attribution(options: argparse.Namespace) -> int:
    """Print how well statements are found."""
    from contradict.articles.evaluation import evaluate_attribution, to_dict

    found = to_dict(evaluate_attribution([Path(name) for name in options.files]))
    if options.json:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return 0
    head = ("gold", "found", "precision", "recall", "f1", "exact_f1", "speaker", "resolved", "stance")
    sys.stdout.write(f"{'':16}" + "".join(f"{name:>10}" for name in head) + "\n")
    for lang, kinds in found.items():
        for kind, figures in kinds.items():
            cells = ["–" if figures[name] is None else f"{figures[name]:.3f}" for name in head[2:]]
            cells = [str(figures["gold"]), str(figures["found"]), *cells]
            sys.stdout.write(f"{lang} {kind:13}" + "".join(f"{cell:>10}" for cell in cells) + "\n")
    return 0
