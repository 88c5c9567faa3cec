"""What `baton doctor` says of the rules by which sites speak first."""

import os
from collections.abc import Iterator
from pathlib import Path

from baton.launcher.findings import Finding
from baton.launcher.system import ROOT
from handoff_service.errors import ProactiveError, SitesError
from handoff_service.proactive_file import PROJECT_FILE, read_first_words
from handoff_service.sites_file import PROJECT_FILE as SITES_FILE, find_sites

NAME = "first words"


def check_first_words() -> Iterator[Finding]:
    """Yield a finding; one a mistake when the file cannot be used, or names a site there is not."""
    chosen = os.environ.get("BATON_PROACTIVE_FILE")
    file = Path(chosen) if chosen else ROOT / PROJECT_FILE
    if not chosen and not file.exists():
        yield Finding(NAME, ok=True, found=f"no {PROJECT_FILE}: sites never speak first")
        return
    try:
        words = read_first_words(file)
    except ProactiveError as error:
        for problem in error.problems:
            yield Finding(NAME, ok=False, found=problem, remedy=f"mend {file.name}")
        return
    named = {site for rule in words.rules for site in rule.sites}
    if unknown := sorted(named - _site_names()):
        found = f"{', '.join(unknown)}: no such site"
        yield Finding(NAME, ok=False, found=found, remedy=f"mend {file.name} or {SITES_FILE.name}")
        return
    yield Finding(NAME, ok=True, found=f"{len(words.rules)} rules")


def _site_names() -> set[str]:
    """Return the sites of the file; of one that cannot be read its own check tells."""
    chosen = os.environ.get("BATON_WIDGET_FILE")
    try:
        sites = find_sites(Path(chosen) if chosen else ROOT / SITES_FILE)
    except SitesError:
        return set()
    return {site.key for site in sites.all}
