"""What `baton doctor` says of the websites that show the widget."""

import os
from collections.abc import Iterator
from pathlib import Path

from baton.launcher.findings import Finding
from baton.launcher.system import ROOT
from handoff_service.errors import SitesError
from handoff_service.sites_file import PROJECT_FILE, read_sites

NAME = "widget sites"


def check_sites() -> Iterator[Finding]:
    """Yield a finding; one a mistake when the file cannot be used."""
    chosen = os.environ.get("BATON_WIDGET_FILE")
    file = Path(chosen) if chosen else ROOT / PROJECT_FILE
    if not chosen and not file.exists():
        yield Finding(NAME, ok=True, found=f"no {PROJECT_FILE}: one, as built in")
        return
    try:
        sites = read_sites(file)
    except SitesError as error:
        for problem in error.problems:
            yield Finding(NAME, ok=False, found=problem, remedy=f"mend {file.name}")
        return
    yield Finding(NAME, ok=True, found=", ".join(site.key for site in sites.all))
