"""Works out which files what was accepted changes, and what cannot be written and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from learning.writing.accepted import Accepted, Decided
from learning.writing.tree import FileChange, Tree


@dataclass(frozen=True, slots=True)
class Problem:
    """Something accepted that no file will hold; `code` for pages, `detail` for people."""

    #: conflict, unknown_intent, unusable_name, too_few, no_article, not_translated, not_written.
    code: str
    text: str  #: the words that it is about
    detail: str  #: what is in the way, and what to do


@dataclass(frozen=True, slots=True)
class Plan:
    """Files as they shall be, and what is done by that."""

    files: tuple[FileChange, ...]
    problems: tuple[Problem, ...]
    counts: dict[str, int]
    decision_ids: tuple[str, ...]  #: nothing of these is left to be done
    suggestion_ids: tuple[str, ...]
    people: tuple[str, ...]  #: names of those who decided, who did most first


@dataclass(slots=True)
class Writing:
    """A plan in the making."""

    tree: Tree
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    seen: dict[str, None] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)

    def note(self, decided: Decided, what: str) -> None:
        """Count something that was decided and is done."""
        self.seen |= dict.fromkeys(decided.ids)
        self.counts[what] += 1
        if what in {"examples", "held_out", "questions"}:
            self.people.update(decided.reviewers)

    def refuse(self, decided: Decided, code: str, text: str, detail: str) -> None:
        """Note something that stays open."""
        self.problems.append(Problem(code, text, detail))
        self.unfinished |= set(decided.ids)


def make_plan(root: Path, accepted: Accepted, *, today: str) -> Plan:
    """Read the project below `root` and return what would change; nothing is written.

    Args:
        root: The folder of config.yml, bot/ and data/.
        accepted: What to write.
        today: YYYY-MM-DD, for new articles.

    Raises:
        NotWritten: a training file cannot be read, so that nobody can tell what is in it.
    """
    from learning.writing.articles import write_drafts, write_pins
    from learning.writing.examples import write_examples

    writing = Writing(Tree(root))
    write_examples(writing, accepted.examples)
    write_pins(writing, accepted.pins)
    drafted = write_drafts(writing, accepted.drafts, today=today)
    writing.counts["problems"] = len(writing.problems)
    return Plan(
        files=writing.tree.changes(),
        problems=tuple(writing.problems),
        counts={name: writing.counts[name] for name in COUNTED},
        decision_ids=tuple(name for name in writing.seen if name not in writing.unfinished),
        suggestion_ids=drafted,
        people=tuple(_named(writing.people.most_common())),
    )


#: What is counted: phrases written, kept to judge by, there before, mostly masked; intents made;
#: questions pinned; drafts; what could not be done.
COUNTED = (
    "examples", "held_out", "known", "left_out", "intents", "questions", "drafts", "problems",
)  # fmt: skip


def kind_of(path: str) -> str:
    """Return what a changed file is: held_out, draft, questions or examples."""
    if path == HELD_OUT:
        return "held_out"
    if path.startswith(f"{DRAFTS}/"):
        return "draft"
    return "questions" if path.startswith("data/kb/") else "examples"


#: Side files, versioned with the project; Rasa does not read them.
EXAMPLES, HELD_OUT = "data/learned/examples.jsonl", "data/learned/held_out.jsonl"
#: Articles in the making; never in the index until somebody moves them to data/kb.
DRAFTS = "data/kb_drafts"


def _named(counted: Iterable[tuple[str, int]]) -> list[str]:
    return [name for name, _ in counted]
