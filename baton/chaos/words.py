"""What customers and agents say: short, of their language, each different from the one before."""

import itertools
import random

from baton.client.load import Asking
from baton.client.phrases import phrases
from baton.client.questions import ROOT, read_questions


class Words:
    """Hands out sentences; those of one run are all different, so that none is taken for another.

    Args:
        rng: chooses languages.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._asking = Asking(read_questions(ROOT))
        self._number = itertools.count(1)

    def question(self, locale: str) -> str:
        """Return something the knowledge base may answer."""
        return self._asking.next(locale)

    def from_customer(self, locale: str) -> str:
        """Return what a customer tells an agent."""
        return f"{phrases(locale).customer} ({next(self._number)})"

    def from_agent(self, locale: str) -> str:
        """Return what an agent tells a customer."""
        return f"{phrases(locale).agent} ({next(self._number)})"
