"""Names the code of this package, so that what other code made is made anew."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path


@cache
def code_stamp() -> str:
    """Return a hash of this package's sources and data, 20 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.suffix in (".py", ".json"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:20]
