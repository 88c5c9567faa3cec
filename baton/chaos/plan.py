"""What a run is to be: how long, how many, how hurried."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from baton.chaos.timing import Timing

#: Seconds a person has for an offer, may be out of touch, has for the wrap-up; before pace.
OFFER_S, GRACE_S, WRAP_UP_S = 20.0, 20.0, 20.0
#: Seconds after which somebody who left while waiting is taken out of line; before pace.
ABANDON_S = 60.0
#: The least they are, for machines do not become quicker: the grace is longer than any one fault,
#: during which an agent's console may think it is heard when it is not.
LEAST_S, LEAST_GRACE_S, LEAST_ABANDON_S = 4, 10, 15


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is to be."""

    seconds: float
    seed: int
    agents: int
    customers: int
    replicas: int
    timing: Timing
    every_s: float
    with_bot: bool = True
    with_sentinels: bool = True
    more_settings: Mapping[str, str] = field(default_factory=dict)  #: for the service, as they are

    def _paced(self, seconds: float, *, least: int = LEAST_S) -> int:
        return max(least, round(seconds / self.timing.pace))

    @property
    def grace_s(self) -> int:
        """Return how long an agent may be out of touch (s)."""
        return self._paced(GRACE_S, least=LEAST_GRACE_S)

    @property
    def settings(self) -> dict[str, str]:
        """Return what the service is told of people's hurry."""
        return {
            "BATON_OFFER_TIMEOUT_S": str(self._paced(OFFER_S)),
            "BATON_AGENT_GRACE_S": str(self.grace_s),
            "BATON_WRAP_UP_S": str(self._paced(WRAP_UP_S)),
            "BATON_ABANDON_S": str(self._paced(ABANDON_S, least=LEAST_ABANDON_S)),
            **self.more_settings,
        }
