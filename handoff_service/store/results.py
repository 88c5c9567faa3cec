"""What each transition of the store can answer: the scripts' words, as enums."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

R = TypeVar("R", bound=StrEnum)


class StartResult(StrEnum):
    """start_conversation."""

    STARTED = "STARTED"  #: the conversation exists from now on
    EXISTS = "EXISTS"  #: it did before; nothing was changed


class RestoreResult(StrEnum):
    """restore."""

    RESTORED = "RESTORED"  #: back from the history, closed
    EXISTS = "EXISTS"  #: it never was away; nothing was changed


class VisitResult(StrEnum):
    """note_visit."""

    NOTED = "NOTED"
    IDENTIFIED = "IDENTIFIED"  #: what the site signed is new: an event says so
    NOT_YOURS = "NOT_YOURS"  #: the conversation is another customer's; nothing was changed


class SeenResult(StrEnum):
    """note_seen."""

    NOTED = "NOTED"
    SAME = "SAME"  #: so much was seen before


class EraseResult(StrEnum):
    """erase."""

    ERASED = "ERASED"  #: gone from the live store


class PostResult(StrEnum):
    """post_customer_message and post_agent_message."""

    POSTED = "POSTED"  #: stored; `seq` is the event's
    REPEATED = "REPEATED"  #: this message_id was stored before; `seq` is that event's
    STALE = "STALE"  #: agent only: the epoch is not the present one
    NOT_YOURS = "NOT_YOURS"  #: agent only: another agent, or nobody, holds the conversation


class FirstWordResult(StrEnum):
    """post_first_word."""

    POSTED = "POSTED"  #: stored; `seq` is the event's
    REPEATED = "REPEATED"  #: this message_id was stored before; `seq` is that event's
    SAID = "SAID"  #: the rule spoke not long ago; `seq` is that event's, nothing was stored
    NOT_NOW = "NOT_NOW"  #: somebody else has the conversation; nothing was stored


class CompleteResult(StrEnum):
    """complete_turn."""

    COMPLETED = "COMPLETED"  #: the replies were appended
    REPEATED = "REPEATED"  #: this turn was completed before; nothing was appended
    STALE = "STALE"  #: the conversation has another owner by now; nothing was appended


class NoteResult(StrEnum):
    """note_delay."""

    NOTED = "NOTED"  #: the customer was told
    REPEATED = "REPEATED"  #: was told before
    STALE = "STALE"  #: the turn is done or the bot no longer owns the conversation


class RequestResult(StrEnum):
    """request_handoff."""

    REQUESTED = "REQUESTED"  #: in the queue from now on
    REPEATED = "REPEATED"  #: this message_id asked before
    ALREADY = "ALREADY"  #: is in the queue, or with an agent, for another reason


class CancelResult(StrEnum):
    """cancel_handoff."""

    CANCELLED = "CANCELLED"  #: the bot has it again
    REPEATED = "REPEATED"  #: this message_id cancelled before
    NOT_WAITING = "NOT_WAITING"  #: not in the queue: an agent was faster, or the bot has it


class LeaveResult(StrEnum):
    """leave_message."""

    LEFT = "LEFT"  #: stored, and offered to an agent when one comes
    REPEATED = "REPEATED"  #: this message_id was stored before
    NOT_WAITING = "NOT_WAITING"  #: only a waiting customer can leave a message


class OfferResult(StrEnum):
    """offer."""

    OFFERED = "OFFERED"  #: before this agent until the deadline
    REPEATED = "REPEATED"  #: it was, by this very call
    STALE = "STALE"  #: the epoch is not the present one
    NOT_WAITING = "NOT_WAITING"  #: another router was faster, or the customer left
    AGENT_FULL = "AGENT_FULL"  #: no free capacity
    AGENT_GONE = "AGENT_GONE"  #: not online


class AcceptResult(StrEnum):
    """accept."""

    ACCEPTED = "ACCEPTED"  #: the agent holds it
    REPEATED = "REPEATED"  #: the same agent accepted before
    EXPIRED = "EXPIRED"  #: the deadline is over
    TAKEN = "TAKEN"  #: another agent has it, or it is before another agent
    GONE = "GONE"  #: no longer offered: the customer left or went back to the bot


class DeclineResult(StrEnum):
    """decline."""

    DECLINED = "DECLINED"  #: back in the queue with its original waiting time
    REPEATED = "REPEATED"  #: the same agent declined this offer before
    GONE = "GONE"  #: not before this agent


class ExpireResult(StrEnum):
    """expire_offer and withdraw_offer."""

    EXPIRED = "EXPIRED"  #: back in the queue with its original waiting time
    REPEATED = "REPEATED"  #: another router expired it
    NOT_DUE = "NOT_DUE"  #: the deadline is not over
    GONE = "GONE"  #: not before this agent


class HoldResult(StrEnum):
    """hand_back, wrap_up, transfer, park, save_draft, note_read: what only its agent may do."""

    DONE = "DONE"
    REPEATED = "REPEATED"  #: the same agent did it before
    STALE = "STALE"  #: the epoch is not the present one
    NOT_YOURS = "NOT_YOURS"  #: this agent does not hold it, or no longer talks with the customer


class CloseResult(StrEnum):
    """close and close_due."""

    CLOSED = "CLOSED"
    REPEATED = "REPEATED"  #: closed already
    STALE = "STALE"  #: the epoch is not the present one
    NOT_YOURS = "NOT_YOURS"  #: an agent who does not hold it
    NOT_DUE = "NOT_DUE"  #: close_due only: somebody wrote meanwhile, or an answer is owed


class LostResult(StrEnum):
    """agent_lost."""

    LOST = "LOST"  #: taken from the agent: queued again, or closed when it was in wrap-up
    BACK = "BACK"  #: the agent was seen again: nothing changed
    GONE = "GONE"  #: the agent no longer holds it


class TakeResult(StrEnum):
    """take_over."""

    TAKEN_OVER = "TAKEN_OVER"  #: theirs from now on
    REPEATED = "REPEATED"  #: it was theirs already
    NOT_OPEN = "NOT_OPEN"  #: the bot has it, or it is over
    NO_AGENT = "NO_AGENT"  #: who takes it never registered


class WhisperResult(StrEnum):
    """whisper."""

    WHISPERED = "WHISPERED"  #: stored for agents only
    REPEATED = "REPEATED"  #: this message_id was stored before
    NOT_OPEN = "NOT_OPEN"  #: no agent has it or will: it is with the bot, or over


class AnnotateResult(StrEnum):
    """annotate."""

    NOTED = "NOTED"  #: stored for agents only
    REPEATED = "REPEATED"  #: this message_id was stored before


class EditResult(StrEnum):
    """edit_message."""

    EDITED = "EDITED"  #: the customer reads the new text
    REPEATED = "REPEATED"  #: this message_id was stored before
    STALE = "STALE"  #: the epoch is not the present one
    NOT_YOURS = "NOT_YOURS"  #: this agent does not talk with the customer
    NO_MESSAGE = "NO_MESSAGE"  #: this agent wrote no such message
    TOO_LATE = "TOO_LATE"  #: it was written too long ago


class TagResult(StrEnum):
    """tag."""

    TAGGED = "TAGGED"
    REPEATED = "REPEATED"  #: this message_id was stored before
    TOO_MANY = "TOO_MANY"  #: it would have more than it may; nothing was changed


class PrioritizeResult(StrEnum):
    """prioritize."""

    DONE = "DONE"  #: who waits has the new place in line
    REPEATED = "REPEATED"  #: this message_id was stored before
    NOT_OPEN = "NOT_OPEN"  #: nobody waits for a person there, and nobody talks with one


class ResumeResult(StrEnum):
    """resume and resume_due."""

    RESUMED = "RESUMED"  #: with its agent again; when it was due, in line
    REPEATED = "REPEATED"  #: resume only: the same agent did it before
    NOT_PARKED = "NOT_PARKED"  #: it is not, or another agent parked it
    NOT_DUE = "NOT_DUE"  #: resume_due only: its time has not come


class AbandonResult(StrEnum):
    """abandon."""

    ABANDONED = "ABANDONED"  #: out of line, with the bot
    BACK = "BACK"  #: the customer was seen since: nothing changed
    GONE = "GONE"  #: not in line, or not watched


class AskResult(StrEnum):
    """ask_consent."""

    ASKED = "ASKED"  #: the customer reads the question
    REPEATED = "REPEATED"  #: was asked before
    STALE = "STALE"  #: the epoch is not the present one
    NOT_WAITING = "NOT_WAITING"  #: is not in line, or before an agent already


class ConsentResult(StrEnum):
    """consent."""

    ANSWERED = "ANSWERED"  #: stored; with a yes, any language will do
    REPEATED = "REPEATED"  #: this message_id was stored before
    NOT_WAITING = "NOT_WAITING"  #: not in line, or never asked: nothing was stored


class WidenResult(StrEnum):
    """widen."""

    WIDENED = "WIDENED"  #: agents may read it
    REPEATED = "REPEATED"  #: was noted before
    STALE = "STALE"  #: the epoch is not the present one
    NOT_WAITING = "NOT_WAITING"  #: is not in line, or before an agent already


class ReassignResult(StrEnum):
    """reassign."""

    DONE = "DONE"
    REPEATED = "REPEATED"  #: done before, by this very call
    STALE = "STALE"  #: its owner has changed since it was looked at
    NOT_OPEN = "NOT_OPEN"  #: nobody waits for a person there, and nobody talks with one


class RerouteResult(StrEnum):
    """reroute."""

    REROUTED = "REROUTED"  #: it needs something else now
    REPEATED = "REPEATED"  #: it needs this already
    KEPT = "KEPT"  #: an agent passed it on: they know better than the rules
    STALE = "STALE"  #: the epoch is not the present one
    NOT_WAITING = "NOT_WAITING"  #: is not in line, nor before an agent


class RateResult(StrEnum):
    """rate."""

    RATED = "RATED"
    REPEATED = "REPEATED"  #: this message_id rated before
    NOT_YET = "NOT_YET"  #: nothing to rate before the first wrap-up or close


class AskSurveyResult(StrEnum):
    """ask_survey."""

    ASKED = "ASKED"
    REPEATED = "REPEATED"  #: was asked, by this very call
    TOO_SOON = "TOO_SOON"  #: the customer was asked something lately
    NOT_NOW = "NOT_NOW"  #: the talk goes on


class AnswerSurveyResult(StrEnum):
    """answer_survey."""

    ANSWERED = "ANSWERED"
    REPEATED = "REPEATED"  #: this message_id answered before
    NOT_ASKED = "NOT_ASKED"  #: nothing, or something else, was asked last


class VoteResult(StrEnum):
    """vote."""

    VOTED = "VOTED"
    REPEATED = "REPEATED"  #: this message_id voted before
    NO_ANSWER = "NO_ANSWER"  #: the event is no answer of the bot that quotes an article


class LanguageResult(StrEnum):
    """set_language."""

    CHANGED = "CHANGED"
    SAME = "SAME"


class RepairResult(StrEnum):
    """repair_place, repair_hold, repair_turns and repair_agent."""

    MENDED = "MENDED"
    FINE = "FINE"  #: all was in order: somebody else mended it, or it was a change in passing


@dataclass(frozen=True, slots=True)
class Outcome(Generic[R]):
    """Answer of a transition.

    `seq` is the event's that the caller should acknowledge (0 when nothing was ever stored for the
    call), `epoch` the conversation's after the call.
    """

    result: R
    seq: int
    epoch: int
