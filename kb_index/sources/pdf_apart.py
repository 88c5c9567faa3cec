"""Reads a PDF in a process of its own, which may neither run for ever nor fill the memory."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kb_index.sources.page import Page, Raw, Unusable

#: Seconds that reading one file may take; real manuals take 0.1 a page.
_LONGEST = 180
#: Memory that it may take, in bytes; manuals of 500 pages stay under a quarter of it.
_MOST_MEMORY = 2_000_000_000
_ROOT = Path(__file__).parents[2]


def read_pdf_apart(
    raw: Raw, *, longest_s: float = _LONGEST, most_memory: int = _MOST_MEMORY
) -> Page:
    """Do as `read_pdf` does, within the limits: seconds, and bytes of memory.

    Raises:
        Unusable: as `read_pdf` does, or because a limit was reached.
    """
    module = "kb_index.sources.pdf_apart"
    command = [sys.executable, "-m", module, raw.address, str(most_memory)]
    try:
        done = subprocess.run(  # noqa: S603 - our own module; the address is only a name to it
            command, input=raw.data, capture_output=True, check=False, timeout=longest_s, cwd=_ROOT
        )
    except subprocess.TimeoutExpired as error:
        raise Unusable(f"reading it takes longer than {longest_s:g} s; print it anew") from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise Unusable("it cannot be read with the memory that a document needs") from error
    if "reason" in answer:
        raise Unusable(str(answer["reason"]))
    return Page(title=answer["title"], body=answer["body"], updated=answer["updated"])


def _main() -> None:
    """Read a PDF from standard input, write its page or the reason as JSON."""
    with suppress(ValueError, OSError):  # not every system can
        resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]), int(sys.argv[2])))
    from kb_index.sources.pdf_page import read_pdf  # after the limit is set

    try:
        page = read_pdf(Raw("", sys.argv[1], sys.stdin.buffer.read(), "pdf", base=""))
        answer = asdict(page)
    except Unusable as error:
        answer = {"reason": str(error)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main()
