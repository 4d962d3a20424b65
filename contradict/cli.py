"""The command line: parse, call, print."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contradict.budget import AUTO
from contradict.claims import Claim, read_claims, read_claims_stream, unique_ids
from contradict.cli_articles import add_evaluate_attribution, add_extract
from contradict.cli_models import add_calibrate, add_evaluate, add_train
from contradict.detector import MIN_PROBABILITY, Detector
from contradict.errors import ContradictError, OptionError
from contradict.pairs import SEARCHES

if TYPE_CHECKING:
    from collections.abc import Sequence

STDIN = "-"
ARTICLES = (".txt", ".md", ".html", ".htm")
FOUND, BAD_INPUT, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        By default those of the process.

    Returns
    -------
    int
        Exit code: 0; 1 if conflicts were found and ``--fail`` was given; 2 for bad input; 130 if interrupted, after the
        report on what was judged so far.
    """
    options = parser().parse_args(arguments)
    logging.basicConfig(format="%(levelname)s: %(message)s")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")  # claims are in any script, whatever the locale
    try:
        return int(options.run(options))
    except (ContradictError, OSError) as error:
        sys.stderr.write(f"contradict: {error}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write("contradict: interrupted\n")
        return INTERRUPTED


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = argparse.ArgumentParser(prog="contradict", description="Find who contradicts whom.")
    top.add_argument("--version", action="version", version=metadata.version("contradict-claims"))
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    add_compare(commands.add_parser("compare", help="find the claims in files that contradict each other"))
    add_extract(commands.add_parser("extract", help="turn articles into claims, each with the one who makes it"))
    add_evaluate_attribution(
        commands.add_parser("evaluate-attribution", help="measure the finding of who said what on marked articles")
    )
    add_evaluate(commands.add_parser("evaluate", help="measure an NLI model on labelled pairs"))
    add_calibrate(commands.add_parser("calibrate", help="fit probabilities to pairs that you have labelled"))
    add_train(commands.add_parser("train", help="fine-tune the NLI model on labelled pairs"))
    info = commands.add_parser("info", help="show versions, models and their hashes")
    info.add_argument("--json", action="store_true", help="as JSON")
    info.set_defaults(run=run_info)
    return top


def add_compare(command: argparse.ArgumentParser) -> None:
    """Describe the options of `compare`."""
    add = command.add_argument
    add(
        "files",
        nargs="*",
        metavar="FILE",
        help="claims as .jsonl, .json, .csv or .parquet, - is JSON lines on stdin; or articles as .txt, .md, .html",
    )
    add("--against", nargs="+", default=[], metavar="FILE", help="compare only with the claims in these files")
    add("--json", metavar="FILE", help="write the whole report as JSON; - is stdout, instead of the table")
    add("--html", metavar="FILE", help="write the report as one HTML page")
    add("--csv", metavar="FILE", help="write the conflicts as CSV")
    add(
        "--min-probability",
        type=float,
        default=MIN_PROBABILITY,
        metavar="P",
        help="conflicts from here on (%(default)s)",
    )
    add("--min-similarity", type=float, metavar="S", help="judge pairs from this cosine on (measured for the encoder)")
    add(
        "--top-k",
        type=amount,
        default=AUTO,
        metavar="K",
        help="nearest claims to judge for each claim; or all (%(default)s: 20, in a small pool more)",
    )
    add(
        "--max-pairs",
        type=amount,
        default=AUTO,
        metavar="N",
        help="judge at most N pairs, the most promising first; or a share such as 0.25; or all (%(default)s)",
    )
    add("--same-speaker", action="store_true", help="also compare the claims of one speaker with each other")
    add("--same-article", action="store_true", help="also compare an article's own words with what it quotes")
    add("--other-source", action="store_true", help="compare only claims of different sources")
    add("--max-days-apart", type=int, metavar="N", help="compare only claims dated at most N days apart")
    add(
        "--languages",
        action="append",
        metavar="TAG:TAG",
        help="compare only these pairs of languages, either way round: ar:ru; und is unknown",
    )
    add("--blocklist", metavar="FILE", help="groups not compared: a line each, ids, speakers or sources between tabs")
    add("--search", choices=SEARCHES, help="how a claim's nearest are found (exact up to a million claims)")
    add("--limit", type=int, default=20, metavar="N", help="conflicts to print, 0 for all (%(default)s)")
    add("--column", action="append", default=[], metavar="FIELD=NAME", help="the column that holds a field: text=body")
    add("--skip-empty", action="store_true", help="leave out claims without text instead of refusing them")
    add(
        "--encoder", default="bundled", metavar="MODEL", help="a sentence-transformers model instead of the bundled one"
    )
    add(
        "--nli",
        default="bundled",
        metavar="MODEL",
        help="a trained folder or a cross-encoder instead of the bundled model",
    )
    add("--calibration", metavar="FILE", help="what contradict calibrate wrote")
    add("--local-files-only", action="store_true", help="never fetch a model that was named but is not on disk")
    add("--checkpoint", metavar="FILE", help="keep verdicts here as they are made; a run broken off goes on from it")
    add("--threads", type=int, metavar="N", help="threads of the bundled models (all processors)")
    add("--aliases", metavar="FILE", help='of articles: TOML of "spelling" = "name", for speakers that you know')
    add("--date", metavar="DATE", help="of articles: when they were published, to tell the days that they name")
    add("--fail", action="store_true", help="exit with 1 if there is a conflict")
    command.set_defaults(run=run_compare)


def run_compare(options: argparse.Namespace) -> int:
    """Compare the claims of files and print, or write, the report."""
    files = options.files or ([] if sys.stdin.isatty() else [STDIN])
    if not files:
        message = "no FILE given and nothing piped in; try: contradict compare claims.jsonl"
        raise OptionError(message)
    reading: dict[str, Any] = {"columns": columns_of(options.column), "skip_empty": options.skip_empty}
    of_articles = {"aliases": Path(options.aliases) if options.aliases else None, "date": options.date}
    pools = [read_files(names, of_articles, **reading) for names in (files, options.against) if names]
    detector = Detector(
        options.encoder,
        options.nli,
        calibration=Path(options.calibration) if options.calibration else None,
        local_files_only=options.local_files_only,
        threads=options.threads,
    )
    report = detector.compare(
        *pools,
        min_probability=options.min_probability,
        min_similarity=options.min_similarity,
        top_k=options.top_k,
        max_pairs=options.max_pairs,
        same_speaker=options.same_speaker,
        same_article=options.same_article,
        same_source=not options.other_source,
        max_days_apart=options.max_days_apart,
        languages=options.languages and [tuple(pair.split(":")) for pair in options.languages],
        blocklist=read_groups(Path(options.blocklist)) if options.blocklist else (),
        search=options.search,
        checkpoint=Path(options.checkpoint) if options.checkpoint else None,
        show_progress_bar=True,
    )
    if options.html:
        Path(options.html).write_text(report.to_html(), encoding="utf-8")
    if options.csv:
        Path(options.csv).write_text(report.to_csv(), encoding="utf-8")
    if options.json == STDIN:
        sys.stdout.write(report.to_json() + "\n")
    else:
        if options.json:
            Path(options.json).write_text(report.to_json() + "\n", encoding="utf-8")
        from contradict.render.terminal import print_report

        print_report(report, sys.stdout, limit=options.limit or None)
    if report.partial:
        return INTERRUPTED
    return FOUND if options.fail and report else 0


def read_files(names: Sequence[str], of_articles: dict[str, Any], **reading: Any) -> tuple[Claim, ...]:
    """Read the claims of several files into one pool."""
    claims: list[Claim] = []
    for name in names:
        if name == STDIN:
            claims += read_claims_stream(sys.stdin, **reading)
        elif name.lower().endswith(ARTICLES):
            from contradict.articles.extraction import extract

            found = extract(Path(name), **of_articles)
            compared = [claim for claim in found if claim.meta["checkable"] and claim.meta["kind"] != "headline"]
            if len(compared) < len(found):
                left = len(found) - len(compared)
                sys.stderr.write(
                    f"{name}: {left} of {len(found)} not compared (headlines, questions, nothing to check)\n"
                )
            claims += compared
        else:
            claims += read_claims(Path(name), **reading)
    return unique_ids(claims)


def amount(text: str) -> int | float | str | None:
    """Read how many are wanted: a number, a share, auto or all."""
    if text in (AUTO, "all"):
        return None if text == "all" else text
    return int(text) if text.isdigit() else float(text)


def read_groups(path: Path) -> list[list[str]]:
    """Read groups of names, one a line, between tabs."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [[name.strip() for name in line.split("\t") if name.strip()] for line in lines if line.strip()]


def columns_of(settings: Sequence[str]) -> dict[str, str] | None:
    """Turn ``text=body`` into ``{"text": "body"}``."""
    columns = {}
    for setting in settings:
        field, equals, name = setting.partition("=")
        if not (field and equals and name):
            message = f"--column {setting!r} should be FIELD=NAME, such as text=body"
            raise OptionError(message)
        columns[field] = name
    return columns or None


def run_info(options: argparse.Namespace) -> int:
    """Print versions, models and hashes."""
    from contradict.models.about import about

    facts = about()
    if options.json:
        sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    else:
        width = max(map(len, facts))
        sys.stdout.write("".join(f"{name:{width}}  {value}\n" for name, value in facts.items()))
    return 0
