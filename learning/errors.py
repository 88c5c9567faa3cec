"""Errors of training and evaluation.

LearningError
├── DataBroken        training files cannot be used (carries every problem, with file and line)
├── TrainingFailed    Rasa refused the data or configuration; its words
├── SwapFailed        the running Rasa did not take the new model; the old one serves
└── InputBroken       an evaluation file cannot be used
"""

from __future__ import annotations


class LearningError(Exception):
    """A situation of training or evaluation that the caller can name and mend."""

    code = "learning_error"


class DataBroken(LearningError):
    """Training files with problems; `problems` holds one line each."""

    code = "data_broken"

    def __init__(self, problems: list[str]) -> None:
        count = len(problems)
        head = f"{count} problem{'s' if count != 1 else ''} in the training files:"
        super().__init__("\n".join([head, *problems]))
        self.problems = problems


class TrainingFailed(LearningError):
    """Rasa could not train."""

    code = "training_failed"


class SwapFailed(LearningError):
    """The running Rasa did not take the new model; the one before it serves."""

    code = "swap_failed"


class InputBroken(LearningError):
    """A file given to an evaluation cannot be used."""

    code = "input_broken"
