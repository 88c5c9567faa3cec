"""What can go wrong before a scenario runs.

ScenarioError
├── ScenariosBroken   files cannot be read as scenarios
├── NoScenarios       the names or folders given hold none
└── AgentsOnline      real agents are at work where scenarios should run
"""

from collections.abc import Sequence

from baton.scenarios.model import Problem


class ScenarioError(Exception):
    """Scenarios cannot be run as asked; the message names the remedy."""


class ScenariosBroken(ScenarioError):
    """Files cannot be read as scenarios; `problems` says where and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Put every problem on a line of its own."""
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, problems)))


class NoScenarios(ScenarioError):
    """The names or folders given hold no scenario."""


class AgentsOnline(ScenarioError):
    """Real agents are at work on the system: scenarios would ring at their desks."""

    def __init__(self, url: str) -> None:
        """Name the system."""
        super().__init__(
            f"an agent is online at {url}, and scenarios would be offered to them. "
            "Remedy: --start runs a private copy"
        )
