"""A run of the command line that is interrupted by the keyboard, in a process of its own, with the bundled models."""

import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time

import pytest

fcntl, pty, termios = (pytest.importorskip(name) for name in ("fcntl", "pty", "termios"))  # where there are terminals
PLACES = [f"{name} {number}" for name in ("north gate", "south gate", "old bridge", "hall") for number in range(13)]


@pytest.fixture
def claims(tmp_path):
    path = tmp_path / "claims.jsonl"
    rows = [
        {"text": f"The {place} was {'closed' if n % 2 else 'open'} on day {n % 7}.", "speaker": f"speaker {n}"}
        for n, place in enumerate(PLACES)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def started(*arguments):
    """Start the command with its stderr on a terminal."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "contradict", "compare", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=slave,
        env=os.environ,
    )
    os.close(slave)
    return process, master


def read_until(master, pattern, seconds=120):
    """Read what stands on the terminal until a pattern does, or the process has ended."""
    text, end = "", time.monotonic() + seconds
    while time.monotonic() < end:
        if not select.select([master], [], [], 1)[0]:
            continue
        try:
            text += os.read(master, 65_536).decode("utf-8", "replace")
        except OSError:  # the other end is closed
            return text
        if pattern and re.search(pattern, text):
            return text
    return text


def test_ctrl_c_prints_what_was_judged_and_the_next_run_goes_on(claims, tmp_path):
    options = (
        claims,
        "--top-k",
        "all",
        "--max-pairs",
        "all",
        "--checkpoint",
        tmp_path / "verdicts.sqlite",
        "--json",
        "-",
    )
    process, master = started(*options)
    # given progress on the terminal, with the time left
    judging = r"judging: +[1-9]\d*%.*\[\d\d:\d\d<\d\d:\d\d"
    assert re.search(judging, read_until(master, judging))
    # when interrupted
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    os.close(master)
    # then there is a report on some of the pairs
    assert process.returncode == 130
    broken = json.loads(out)["counts"]
    assert broken["pairs_judged"] > 0
    assert broken["pairs_interrupted"] > 0
    # and a second run judges all, those of the first included
    process, master = started(*options)
    read_until(master, None)
    out, _ = process.communicate(timeout=120)
    os.close(master)
    assert process.returncode == 0
    whole = json.loads(out)["counts"]
    assert whole["pairs_interrupted"] == 0
    assert whole["pairs_judged"] == broken["pairs_judged"] + broken["pairs_interrupted"]
