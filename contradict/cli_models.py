"""The commands about models: evaluate, calibrate, train."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from contradict.errors import OptionError

if TYPE_CHECKING:
    import argparse

    from contradict.labelled import LabelledPair

STDOUT = "-"
ROWS = "labelled pairs as .jsonl, .json, .csv or .parquet: premise, hypothesis, label, and if known lang, source"


def add_evaluate(command: argparse.ArgumentParser) -> None:
    """Describe the options of `evaluate`."""
    add = command.add_argument
    add("data", nargs="+", metavar="FILE", help=f"{ROWS}; or the name of a dataset on a hub, such as xnli")
    add(
        "--nli",
        default="bundled",
        metavar="MODEL",
        help="a trained folder or a cross-encoder instead of the bundled model",
    )
    add("--lang", action="append", default=[], metavar="LANG", help="of a dataset on a hub: its configuration")
    add("--split", default="test", help="of a dataset on a hub (%(default)s)")
    add("--labels", metavar="A,B,C", help="what labels that are numbers mean, in their order")
    add("--resamples", type=int, default=1_000, metavar="N", help="of the bootstrap, 0 for no intervals (%(default)s)")
    add("--seed", type=int, default=0, help="of the bootstrap (%(default)s)")
    add("--json", metavar="FILE", help="write all figures as JSON; - is stdout, instead of the table")
    add("--local-files-only", action="store_true", help="never fetch a model that was named but is not on disk")
    command.set_defaults(run=run_evaluate)


def run_evaluate(options: argparse.Namespace) -> int:
    """Measure a model on labelled pairs, and print or write the figures."""
    from contradict.evaluation import evaluate

    paths = [Path(name) for name in options.data]
    from_hub = len(paths) == 1 and not paths[0].exists() and not paths[0].suffix
    evaluation = evaluate(
        options.data[0] if from_hub else paths,
        nli=options.nli,
        labels=options.labels.split(",") if options.labels else None,
        lang=options.lang,
        split=options.split,
        resamples=options.resamples,
        seed=options.seed,
        local_files_only=options.local_files_only,
        show_progress_bar=True,
    )
    if options.json == STDOUT:
        sys.stdout.write(evaluation.to_json() + "\n")
        return 0
    if options.json:
        Path(options.json).write_text(evaluation.to_json() + "\n", encoding="utf-8")
    from contradict.render.terminal import print_evaluation

    print_evaluation(evaluation, sys.stdout)
    return 0


def add_calibrate(command: argparse.ArgumentParser) -> None:
    """Describe the options of `calibrate`."""
    add = command.add_argument
    add("data", nargs="+", metavar="FILE", help=f"{ROWS}. Contradictions count as conflicts")
    add("--out", required=True, metavar="FILE", help="the calibration, for compare --calibration")
    add("--encoder", default="bundled", metavar="MODEL", help="as in compare")
    add("--nli", default="bundled", metavar="MODEL", help="as in compare")
    add("--seed", type=int, default=0, help="of the folds (%(default)s)")
    add("--local-files-only", action="store_true", help="never fetch a model that was named but is not on disk")
    command.set_defaults(run=run_calibrate)


def run_calibrate(options: argparse.Namespace) -> int:
    """Fit probabilities to labelled pairs, and write the calibration."""
    from contradict.detector import Detector
    from contradict.labelled import read_labelled

    pairs: tuple[LabelledPair, ...] = read_labelled([Path(name) for name in options.data])
    detector = Detector(options.encoder, options.nli, local_files_only=options.local_files_only)
    calibration = detector.calibrate(
        [(pair.premise, pair.hypothesis) for pair in pairs],
        [pair.label for pair in pairs],
        groups=[pair.group or pair.premise for pair in pairs],
        seed=options.seed,
    )
    calibration.write(Path(options.out))
    low, high = calibration.unsure or (0.0, 1.0)
    sys.stdout.write(
        f"Fitted on {len(pairs):,} pairs. On held-out folds: calibration error {calibration.expected_error}; "
        f"no conflict under {low:.2f}, conflict from {high:.2f} on, at most one in ten wrong on either side; unsure "
        f"between.\nWritten to {options.out}; use it with: contradict compare --calibration {options.out}\n"
    )
    return 0


def add_train(command: argparse.ArgumentParser) -> None:
    """Describe the options of `train`."""
    add = command.add_argument
    add("--data", nargs="+", required=True, metavar="FILE", help=ROWS)
    add("--dev", nargs="+", default=[], metavar="FILE", help="labelled pairs to measure on, never to train on")
    add("--out", required=True, metavar="FOLDER", help="for the model, its card and log; a run begun there goes on")
    add("--name", default="my-nli", help="what reports call the model (%(default)s)")
    add("--start", metavar="WEIGHTS", help="bundled, encoder, or a model.safetensors (bundled, if its licences allow)")
    add("--mixture", metavar="TABLE", help="TOML: how often pairs are drawn, by [sources] and [languages]; [licences]")
    add("--exclude-noncommercial", action="store_true", help="learn only from data whose licence allows commercial use")
    add("--passes", type=float, metavar="N", help="over what the mixture draws (1)")
    add("--learning-rate", type=float, metavar="R", help="for the body (0.0001)")
    add("--dropout", type=float, metavar="P", help="against learning few pairs by heart over many passes (0)")
    add("--split", type=int, metavar="N", help="layers that read a text alone, 0 to 11 (8)")
    add("--longest", type=int, metavar="N", help="leave out pairs with a side of more tokens (160)")
    add("--seed", type=int, metavar="N", help="(0)")
    command.set_defaults(run=run_train)


def run_train(options: argparse.Namespace) -> int:
    """Train a model, export it, and say how it does."""
    try:
        from contradict.training import Recipe, train
    except ImportError as error:
        message = f"training needs {error.name}; run: pip install 'contradict-claims[train]'"
        raise OptionError(message) from error
    names = ("passes", "learning_rate", "dropout", "split", "longest", "seed")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    trained = train(
        [Path(name) for name in options.data],
        [Path(name) for name in options.dev] or None,
        out=options.out,
        name=options.name,
        start=options.start,
        mixture=Path(options.mixture) if options.mixture else None,
        exclude_noncommercial=options.exclude_noncommercial,
        recipe=replace(Recipe(), **given),
        show_progress_bar=True,
    )
    sys.stdout.write(json.dumps(trained.left_out, indent=2) + "\n")
    if trained.dev:
        from contradict.render.terminal import print_evaluation

        print_evaluation(trained.dev, sys.stdout)
    sys.stdout.write(
        f"{trained.pairs_seen:,} pairs in {trained.hours} hours. The model and its card are in {trained.folder}; use "
        f"it with: contradict compare --nli {trained.folder}\n"
    )
    return 0
