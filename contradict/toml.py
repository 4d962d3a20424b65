"""TOML, read alike by every Python that is supported."""

import sys

if sys.version_info >= (3, 11):
    from tomllib import loads
else:
    from tomli import loads  # type: ignore[import-not-found, unused-ignore]

__all__ = ["loads"]
