"""Serve the actions on loopback: `python -m actions`, settings from the environment."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    # Read when numpy is imported. Its products here are tiny: shared between threads, each takes
    # six times the processor time, most of it waiting.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from actions.serving import main

    sys.exit(main())
