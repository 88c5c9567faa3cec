"""What is wrong with what somebody searches for."""

from handoff_service.refusals import Refusal


class BadSearch(Refusal):
    """It cannot be searched for."""

    code, status = "bad_search", 400

    def __init__(self, problem: str) -> None:
        """Say what: too_long, quote, only_without, no_words, or a name with its colon."""
        self.problem = problem
        super().__init__(problem)
