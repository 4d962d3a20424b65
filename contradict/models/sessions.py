"""Sessions: graphs run on ONNX Runtime, in batches that stay in a processor's cache, one batch a thread."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from contradict.errors import ModelFilesError
from contradict.workers import processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

SECOND_LEVEL = 1 << 20  # bytes, where the processor does not tell
BYTES_A_TOKEN = 2_048  # of the cache: what python -m benchmarks.batches measures
FEWEST_TOKENS, MOST_TOKENS = 256, 1_024
CACHES = Path("/sys/devices/system/cpu/cpu0/cache")


@cache
def second_level_cache() -> int:
    """Return the bytes of one processor's second-level cache, or a usual size where it does not tell."""
    try:
        sizes = {
            (index / "level").read_text().strip(): (index / "size").read_text().strip()
            for index in CACHES.glob("index*")
        }
        return int(sizes["2"].removesuffix("K")) << 10
    except (OSError, KeyError, ValueError):
        return SECOND_LEVEL


def batch_tokens() -> int:
    """Return how many tokens a batch holds: as many as one processor works on in its second-level cache."""
    return min(MOST_TOKENS, max(FEWEST_TOKENS, second_level_cache() // BYTES_A_TOKEN))


def same_size(sizes: Sequence[int], tokens: int) -> Iterator[NDArray[np.intp]]:
    """Yield batches of indices whose sizes are equal, cut where their tokens add up to `tokens`."""
    by_size: dict[int, list[int]] = defaultdict(list)
    for index, size in enumerate(sizes):
        by_size[size].append(index)
    for size, indices in sorted(by_size.items()):
        rows = max(1, tokens // size)
        for start in range(0, len(indices), rows):
            yield np.array(indices[start : start + rows])


class Session:
    """An ONNX Runtime session over one graph; safe to call from several threads.

    A batch is run by one thread, and several batches at a time: threads that share a batch wait for each other at every
    step, and when another program wants a processor all of them wait for the slowest.

    Parameters
    ----------
    path
        Of the graph.
    threads
        Batches at a time; by default one for each processor this process may use.
    weights
        Weights that the graph's file leaves out, by name.
    """

    def __init__(
        self, path: Path, *, threads: int | None = None, weights: Mapping[str, NDArray[Any]] | None = None
    ) -> None:
        import onnxruntime

        if not path.is_file():
            message = f"model file {path} is missing; reinstall contradict-claims"
            raise ModelFilesError(message)
        self._threads = threads or processors()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        if weights:
            self._values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(value) for name, value in weights.items()}
            options.add_external_initializers(list(self._values), list(self._values.values()))
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            message = f"model file {path} cannot be read ({error}); reinstall contradict-claims"
            raise ModelFilesError(message) from error

    def run(
        self, batches: Sequence[NDArray[np.intp]], inputs: Callable[[NDArray[np.intp]], dict[str, NDArray[Any]]]
    ) -> Iterator[tuple[NDArray[np.intp], list[NDArray[Any]]]]:
        """Run the graph on batches, each made when its turn comes, and yield each with its results, in order.

        Parameters
        ----------
        batches
            Indices of what each batch holds.
        inputs
            Makes the graph's named inputs from a batch's indices; called from several threads.
        """

        def work(rows: NDArray[np.intp]) -> list[NDArray[Any]]:
            return self._session.run(None, inputs(rows))

        if self._threads == 1 or len(batches) < 2:
            yield from zip(batches, map(work, batches))
            return
        with ThreadPoolExecutor(min(self._threads, len(batches)), "contradict") as pool:
            yield from zip(batches, pool.map(work, batches))  # left early, it drops the batches not begun
