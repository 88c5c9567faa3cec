"""What `baton doctor` says of the business hours: each team, and when it is on duty next."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from baton.launcher.findings import Finding
from baton.launcher.system import ROOT
from handoff_service.errors import HoursError
from handoff_service.hours import Team
from handoff_service.hours_file import PROJECT_FILE, read_hours

NAME = "business hours"


def check_hours() -> Iterator[Finding]:
    """Yield a finding a team; one a mistake when the file cannot be used."""
    chosen = os.environ.get("BATON_HOURS_FILE")
    file = Path(chosen) if chosen else ROOT / PROJECT_FILE
    if not chosen and not file.exists():
        yield Finding(NAME, ok=True, found=f"no {PROJECT_FILE}: always")
        return
    try:
        hours = read_hours(file)
    except HoursError as error:
        for problem in error.problems:
            yield Finding(NAME, ok=False, found=problem, remedy=f"mend {file.name}")
        return
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    for team in hours.teams.values():
        yield Finding(f"hours of {team.name}", ok=True, found=_duty(team, now_ms))


def _duty(team: Team, now_ms: int) -> str:
    now = "on duty now" if team.is_open(now_ms) else "off duty now"
    opens = team.opens_next(now_ms)
    following = f"{opens:%a %d %b %Y %H:%M} {team.zone.key}" if opens else "never"
    return f"{now}; opens next: {following}"
