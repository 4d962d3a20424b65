"""Budget: how many neighbours a claim is judged against, and how many of the pairs in all."""

from __future__ import annotations

import math
import numbers

from contradict.errors import OptionError

AUTO = "auto"
AUTO_SHARE = 0.5  # what that finds: the curve in docs/measurements.md
AUTO_PAIRS = 4_000  # take a few seconds, so that there is nothing to save
AUTO_NEAREST = 20


def check_budget(max_pairs: object) -> None:
    """Refuse what is neither a number of pairs nor a share of them.

    Raises
    ------
    OptionError
        If it is something else.
    """
    match max_pairs:
        case None | "auto":
            return
        case bool():
            pass
        case numbers.Integral():
            if int(max_pairs) >= 0:
                return
        case float() if 0 <= max_pairs <= 1:
            return
    message = (
        f'max_pairs is {max_pairs!r}, expected a number of pairs, a share from 0.0 to 1.0, "{AUTO}", or None for all'
    )
    raise OptionError(message)


def check_nearest(top_k: object) -> None:
    """Refuse what is no number of neighbours.

    Raises
    ------
    OptionError
        If it is something else.
    """
    match top_k:
        case None | "auto":
            return
        case bool():
            pass
        case numbers.Integral() if int(top_k) >= 1:
            return
    message = f'top_k is {top_k!r}, expected a number of neighbours from 1 on, "{AUTO}", or None for all'
    raise OptionError(message)


def pairs_to_judge(max_pairs: int | float | str | None, count: int) -> int:
    """Return how many of so many pairs are judged.

    Parameters
    ----------
    max_pairs
        A number of pairs; a share of them, rounded up; ``"auto"``; None for all.
    count
        Pairs there are.
    """
    if max_pairs is None:
        return count
    if isinstance(max_pairs, str):
        return min(count, max(AUTO_PAIRS, math.ceil(AUTO_SHARE * count)))
    return math.ceil(max_pairs * count) if isinstance(max_pairs, float) else min(count, int(max_pairs))


def nearest_to_keep(top_k: int | str | None, claims: int) -> int | None:
    """Return how many of its nearest a claim is judged against, None for all.

    Parameters
    ----------
    top_k
        A number; ``"auto"``: `AUTO_NEAREST`, and in a small pool so many that there are at least `AUTO_PAIRS` pairs;
        None.
    claims
        In all pools.
    """
    if not isinstance(top_k, str):
        return top_k
    return max(AUTO_NEAREST, math.ceil(2 * AUTO_PAIRS / max(claims, 1)))
