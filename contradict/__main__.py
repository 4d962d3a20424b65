"""`python -m contradict`."""

import sys

from contradict.cli import main

sys.exit(main())
