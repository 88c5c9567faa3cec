"""Which question about the service a customer is asked, and when: pure.

The questions and their scales are the usual ones, so that figures can be compared with others':

- CSAT, 1 to 5, is the share of 4 and 5 among the answers.
- CES 2.0, 1 to 7: agreement that it was made easy to handle the issue (Dixon, Toman and DeLisi,
  "The Effortless Experience", 2013).
- NPS, 0 to 10: how likely one is to recommend (Reichheld, "The One Number You Need to Grow",
  Harvard Business Review, December 2003): the share of 9 and 10 less the share of 0 to 6.
"""

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from handoff_service.sites import SurveyAfter, SurveyRule, SurveyRules

DAY_MS = 86_400_000


class Kind(StrEnum):
    """What is asked."""

    CSAT = "csat"  #: how satisfied
    CES = "ces"  #: how easy
    NPS = "nps"  #: how likely to recommend


#: Lowest and highest score of each.
SCALES: Mapping[Kind, tuple[int, int]] = MappingProxyType(
    {Kind.CSAT: (1, 5), Kind.CES: (1, 7), Kind.NPS: (0, 10)}
)


def choose_survey(
    rules: SurveyRules,
    *,
    after: SurveyAfter,
    customer_id: str,
    asked: Mapping[str, int],
    now_ms: int,
) -> Kind | None:
    """Return what to ask this customer now; None: nothing.

    One question at a time: of those that fit, the one that the fewest are asked. Whether a customer
    is among the share of a question is settled by their id, not by chance, so that asking twice
    says the same.

    Args:
        rules: of the site.
        after: what has just ended.
        customer_id: whose.
        asked: kind → when the customer was asked it last, ms.
        now_ms: the time.
    """
    if asked and max(asked.values()) > now_ms - quiet_ms(rules):
        return None
    fitting = [
        (rule.share, kind)
        for kind, rule in rules_by_kind(rules).items()
        if after in rule.after
        and (kind not in asked or asked[kind] <= now_ms - rule.again_days * DAY_MS)
        and _place(kind, customer_id) < rule.share
    ]
    return min(fitting)[1] if fitting else None


def rules_by_kind(rules: SurveyRules) -> dict[Kind, SurveyRule]:
    """Return the rules that there are."""
    every = {Kind.CSAT: rules.csat, Kind.CES: rules.ces, Kind.NPS: rules.nps}
    return {kind: rule for kind, rule in every.items() if rule is not None}


def quiet_ms(rules: SurveyRules) -> int:
    """Return how long a customer is asked nothing at all after a question, ms.

    The shortest of the site's spaces; a question's own space holds for that question.
    """
    return min((rule.again_days for rule in rules_by_kind(rules).values()), default=0) * DAY_MS


def _place(kind: Kind, customer_id: str) -> float:
    """Return where a customer stands between 0 and 1, evenly spread and always the same."""
    digest = hashlib.sha256(f"{kind.value} {customer_id}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48
