"""What `baton doctor` says of how long data is kept."""

import os
from collections.abc import Iterator
from pathlib import Path

from baton.launcher.findings import Finding
from baton.launcher.system import ROOT
from handoff_service.errors import RetentionError
from handoff_service.retention.file import PROJECT_FILE, read_times

NAME = "retention"


def check_retention() -> Iterator[Finding]:
    """Yield one finding; one a mistake when the file cannot be used."""
    chosen = os.environ.get("BATON_RETENTION_FILE")
    file = Path(chosen) if chosen else ROOT / PROJECT_FILE
    if not chosen and not file.exists():
        yield Finding(NAME, ok=True, found=f"no {PROJECT_FILE}: all is kept for ever")
        return
    try:
        times = read_times(file)
    except RetentionError as error:
        for problem in error.problems:
            yield Finding(NAME, ok=False, found=problem, remedy=f"mend {file.name}")
        return
    kept = ", ".join(f"{kind} {days} days" for kind, days in times.days.items())
    yield Finding(NAME, ok=True, found=kept or "all is kept for ever")
