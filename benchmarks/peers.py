"""Sides of a comparison as processes that wait for jobs, so that they can be run in turn."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.command import ROOT
from benchmarks.first_light import ALLOCATION, make_models

if TYPE_CHECKING:
    import argparse
    from types import TracebackType

WORKER = Path(__file__).with_name("peer_worker.py")
OWN = ("contradict_verdicts", "contradict_compare")


class Side:
    """A process that does one side's jobs; use it in a ``with`` block.

    Parameters
    ----------
    name
        A function of `benchmarks.peer_worker`.
    models
        Folder of the models.
    warm
        A small job, done before anything is timed.
    python
        Interpreter of the environment that holds the peer; by default this one.
    """

    def __init__(self, name: str, models: Path, warm: dict[str, Any], python: Path | None = None) -> None:
        environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "OMP_NUM_THREADS")}
        if name in OWN:
            environment["PYTHONPATH"] = str(ROOT)
        self.name = name
        self._errors = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115
        self._process = subprocess.Popen(
            [str(python or sys.executable), str(WORKER), name, str(models)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            cwd=models,
            env=environment | ALLOCATION,
        )
        self.run(warm)

    def __enter__(self) -> Side:
        """Return the side."""
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        """End the process."""
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._errors):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()

    def run(self, job: dict[str, Any]) -> tuple[float, Any]:
        """Do a job; return its seconds and its result.

        Raises
        ------
        RuntimeError
            If the side fails; the message is what it wrote last.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self._process.wait()
            self._errors.seek(0)
            written = self._errors.read().strip().splitlines()
            self.close()
            message = f"{self.name} failed: {written[-1] if written else 'it wrote nothing'}"
            raise RuntimeError(message)
        done = json.loads(answer)
        return done["seconds"], done.get("result")


def add_models(arguments: argparse.ArgumentParser) -> None:
    """Add the option for the folder of the peers' models."""
    folder = Path(tempfile.gettempdir()) / "contradict-first-light"
    arguments.add_argument("--models", type=Path, default=folder, help="made there if missing (%(default)s)")


def models_in(folder: Path) -> Path:
    """Return the folder, with the peers' models in it.

    Their tokenizers are named as both generations of transformers know them: peers are not all on the newest.
    """
    if not (folder / "nli" / "config.json").is_file():
        make_models(folder)
    for path in folder.glob("*/tokenizer_config.json"):
        fields = json.loads(path.read_text(encoding="utf-8"))
        if fields.get("tokenizer_class") != "PreTrainedTokenizerFast":
            path.write_text(json.dumps(fields | {"tokenizer_class": "PreTrainedTokenizerFast"}), encoding="utf-8")
    return folder
