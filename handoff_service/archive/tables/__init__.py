"""The tables of the history database beside those of conversations and accounts.

Each module holds those of one part; imported here, all of them are known to the migrations.
"""

from handoff_service.archive.tables import (
    inbox,
    learn_candidates,
    learn_jobs,
    learn_splits,
    learn_topics,
    learn_turns,
    learn_writing,
    people,
    presence,
    replies,
    report_mails,
    reports,
    retention,
    reviews,
    setting_versions,
    talk,
)

__all__ = [
    "inbox",
    "learn_candidates",
    "learn_jobs",
    "learn_splits",
    "learn_topics",
    "learn_turns",
    "learn_writing",
    "people",
    "presence",
    "replies",
    "report_mails",
    "reports",
    "retention",
    "reviews",
    "setting_versions",
    "talk",
]
