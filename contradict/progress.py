"""Progress: how much of long work is done, and the time left."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def bar(what: str, total: int, *, show: bool) -> Iterator[Callable[[int], object]]:
    """Show a progress bar on stderr while the block runs, if that is wanted and stderr is a terminal."""
    from tqdm import tqdm

    with tqdm(desc=what, total=total, disable=None if show else True, leave=False, unit="") as shown:
        yield shown.update
