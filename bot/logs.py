"""One log format on stderr for Rasa, its structured logger and our own modules."""

from __future__ import annotations

import logging
import sys
import warnings


def configure(level: str) -> None:
    """Log from `level` up; Rasa's debug records hold what customers say."""
    import structlog

    number = logging.getLevelName(level.upper())
    number = number if isinstance(number, int) else logging.INFO
    logging.basicConfig(
        level=number,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
        stream=sys.stderr,
    )
    # Unconfigured, structlog formats and prints every debug record, which costs more than the turn.
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.processors.KeyValueRenderer()],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(number),
        cache_logger_on_first_use=True,
    )
    if number > logging.DEBUG:
        warnings.simplefilter("ignore")
