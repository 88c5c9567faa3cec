"""The numbers of one process, in Prometheus form."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from handoff_service.domain import Event, EventType
from handoff_service.surveys import Kind

#: Bounds in seconds. A quiet turn takes some 30 ms; what a customer notices begins near 1 s.
TURN_BUCKETS = (0.02, 0.03, 0.045, 0.07, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 15, 60)
#: Reasons that are counted by name; a label that anybody could invent would grow without end.
#: Those of data/handoff_rules.yml, and the service's own; a test compares.
REASONS = frozenset(
    {
        *("asked", "technical_issue", "unknown_error_code", "low_confidence", "none_of_these"),
        *("disliked_answer", "displeasure", "legal", "safety", "security", "payment_dispute"),
        *("vip", "repeated_question", "bot_failed"),
    }
)

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """One registry a process, so that several services can live in one test."""

    def __init__(self) -> None:
        """Make every metric at zero."""
        self.registry = CollectorRegistry()
        self.turn_seconds = Histogram(
            "baton_turn_seconds",
            "From a customer's message to the bot's stored answer.",
            buckets=TURN_BUCKETS,
            registry=self.registry,
        )
        self.turns = Counter(
            "baton_turns", "Turns answered by a bot worker of this process.", registry=self.registry
        )
        self.split_turns = Counter(
            "baton_split_turns",
            "Turns of conversations that take part in a split, by whose they are and who answered.",
            ["arm", "answered_by"],
            registry=self.registry,
        )
        self.handoffs = Counter(
            "baton_handoffs",
            "Requests for a person, counted where they were archived.",
            ["reason"],
            registry=self.registry,
        )
        self.abandoned = Counter(
            "baton_abandoned",
            "Customers who left the line by closing the page, counted where they were archived.",
            registry=self.registry,
        )
        self.surveys = Counter(
            "baton_surveys",
            "Questions how it went: asked, answered, skipped; counted where they were archived.",
            ["kind", "outcome"],
            registry=self.registry,
        )
        self.unknown_sites = Counter(
            "baton_unknown_sites",
            "Requests for the widget of a site that is in no file; the default one was served.",
            registry=self.registry,
        )
        self.votes = Counter(
            "baton_votes",
            "Votes on answers, changes of mind included, counted where they were archived.",
            ["helpful"],
            registry=self.registry,
        )
        self.first_words = Counter(
            "baton_first_words",
            "What sites said first, by rule, counted when a visitor opened it.",
            ["rule"],
            registry=self.registry,
        )
        self.mails = Counter(
            "baton_mails",
            "E-mails to customers that the mail server took, put off or refused.",
            ["result"],
            registry=self.registry,
        )
        self.queue_length = Gauge(
            "baton_queue_length", "Conversations that wait for a person.", registry=self.registry
        )
        self.attachments = Counter(
            "baton_attachments",
            "Files that were uploaded and kept.",
            ["type"],
            registry=self.registry,
        )
        self.attachment_bytes = Counter(
            "baton_attachment_bytes", "Bytes of these files.", registry=self.registry
        )
        self.sockets = Gauge(
            "baton_sockets", "Open sockets of this process.", ["side"], registry=self.registry
        )
        self.unknown_frames = Counter(
            "baton_unknown_frames",
            "Frame types and fields that this version does not know.",
            ["side"],
            registry=self.registry,
        )
        self.refused_frames = Counter(
            "baton_refused_frames", "Frames that were refused.", ["code"], registry=self.registry
        )
        self.slow_sockets = Counter(
            "baton_slow_sockets",
            "Sockets closed because the other side did not read.",
            registry=self.registry,
        )
        self.archive_lag = Gauge(
            "baton_archive_lag", "Events that are not in the history yet.", registry=self.registry
        )

        self.archive_interrupted = Gauge(
            "baton_archive_interrupted",
            "1 while the database takes no events from this process.",
            registry=self.registry,
        )
        self.archive_set_aside = Counter(
            "baton_archive_set_aside",
            "Entries of the log that could not be written to the history.",
            registry=self.registry,
        )
        self.clock_added = Gauge(
            "baton_clock_added_seconds",
            "What the desk's time is ahead of the clock of Redis: 0 unless that was set.",
            registry=self.registry,
        )
        self.clock_jumps = Counter(
            "baton_clock_jumps",
            "Times this process found a clock set, or itself stood still.",
            registry=self.registry,
        )
        self.waits_measured = Gauge(
            "baton_waits_measured",
            "How many of the desk's latest waits were told beforehand and are over.",
            registry=self.registry,
        )
        self.wait_coverage = Gauge(
            "baton_wait_coverage",
            "Share of these that ended inside the interval the customer was told; 0 before any.",
            registry=self.registry,
        )

        self.audit_findings = Gauge(
            "baton_audit_findings",
            "What the latest audit of the desk found wrong, mended or not; of who audits only.",
            ["code"],
            registry=self.registry,
        )
        self.audit_repairs = Counter(
            "baton_audit_repairs", "What audits mended.", ["code"], registry=self.registry
        )

    def show_findings(self, counts: Mapping[str, int]) -> None:
        """Tell what an audit found, by code."""
        for code, count in counts.items():
            self.audit_findings.labels(code=code).set(count)

    def count_handoff(self, reason: str) -> None:
        """Count a request for a person."""
        self.handoffs.labels(reason=reason if reason in REASONS else "other").inc()

    def count_survey(self, event: Event) -> None:
        """Count a question how it went, or the answer to one."""
        answered = "skipped" if event.data.get("skipped") else "answered"
        outcome = "asked" if event.type is EventType.SURVEY_ASKED else answered
        kind = event.data.get("kind")
        self.surveys.labels(kind=kind if kind in set(Kind) else "other", outcome=outcome).inc()

    def count_vote(self, *, helpful: bool) -> None:
        """Count a vote on an answer."""
        self.votes.labels(helpful=str(helpful).lower()).inc()

    def open_sockets(self, side: str) -> int:
        """Return how many sockets of a side are open in this process."""
        return int(self.registry.get_sample_value("baton_sockets", {"side": side}) or 0)

    def is_archive_interrupted(self) -> bool:
        """Whether the database takes no events from this process at present."""
        return bool(self.registry.get_sample_value("baton_archive_interrupted"))

    def text(self) -> bytes:
        """Write them all in the text format."""
        return generate_latest(self.registry)
