"""What `baton doctor` says of the routing rules."""

import os
from collections.abc import Iterator
from pathlib import Path

from baton.launcher.findings import Finding
from baton.launcher.system import ROOT
from handoff_service.errors import RoutingError
from handoff_service.routing_file import PROJECT_FILE, read_routing

NAME = "routing rules"


def check_routing() -> Iterator[Finding]:
    """Yield one finding; one a mistake when the file cannot be used."""
    chosen = os.environ.get("BATON_ROUTING_FILE")
    file = Path(chosen) if chosen else ROOT / PROJECT_FILE
    if not chosen and not file.exists():
        yield Finding(NAME, ok=True, found=f"no {PROJECT_FILE}: any agent who speaks the language")
        return
    try:
        rules = read_routing(file)
    except RoutingError as error:
        for problem in error.problems:
            yield Finding(NAME, ok=False, found=problem, remedy=f"mend {file.name}")
        return
    counted = (rules.topics, "topics"), (rules.reasons, "reasons"), (rules.flags, "flags")
    yield Finding(NAME, ok=True, found=", ".join(f"{len(kind)} {name}" for kind, name in counted))
