"""What maintainers can ask, decide and have done."""

from handoff_service.api.learning import (
    candidates,
    changes,
    jobs,
    queue_table,
    split,
    suggestions,
    summary,
    topics,
)
from handoff_service.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *candidates.OPERATIONS,
    *jobs.OPERATIONS,
    *summary.OPERATIONS,
    *queue_table.OPERATIONS,
    *split.OPERATIONS,
    *changes.OPERATIONS,
    *suggestions.OPERATIONS,
    *topics.OPERATIONS,
)
