"""What the bot is told of known problems, and how it speaks of one."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from handoff_service.domain import LOCALES, Json
from handoff_service.notice_board import NoticeBoard
from handoff_service.notices import Notice
from handoff_service.store.turns import Work
from handoff_service.turn import NOTICE, Reply
from handoff_service.wording import Wording
from handoff_service.wording.when import say_since


@dataclass(frozen=True, slots=True)
class NoticeVoice:
    """The engine says which notice a question is about; the words are the published ones."""

    board: NoticeBoard | None = None  #: None: nothing is ever known
    wording: Wording = field(default_factory=Wording.load)

    def standing(self) -> dict[str, Notice]:
        """Return what is known now, by id, the latest first."""
        return {one.notice_id: one for one in (self.board.standing() if self.board else ())}

    def reply(self, notice: Notice, work: Work, *, language: str | None, now_ms: int) -> Reply:
        """Return what the customer reads: in the language of the turn, where the notice has it."""
        talk = work.conversation
        locale = language if language in LOCALES else talk.language
        shown = notice.for_customer(locale)
        about = self.wording.sentence("notice.found", locale)
        text = f"{about.replace('{title}', shown['title'])}\n\n{shown['text']}"
        if talk.utc_offset_min is not None:
            begun = datetime.fromtimestamp(notice.from_ms / 1000, UTC)
            now = datetime.fromtimestamp(now_ms / 1000, UTC)
            when = say_since(begun, now=now, locale=locale, utc_offset_min=talk.utc_offset_min)
            text += "\n\n" + self.wording.sentence("notice.since", locale).replace("{when}", when)
        return Reply(
            NOTICE,
            text,
            buttons=tuple(self._button(action, locale) for action in _NEXT),
            sources=(_source(shown),),
            notice=notice.notice_id,
        )

    def _button(self, action: str, locale: str) -> Json:
        title = self.wording.sentence(f"button.{action}", locale)
        return {"title": title, "payload": {"action": action}}


#: What a customer may say to a notice by a click.
_NEXT = ("helped", "other_problem", "request_person")


def _source(shown: Json) -> Json:
    """Return the notice in the shape of a quoted article, which pages draw."""
    kept = {name: shown[name] for name in ("title", "url", "locale", "foreign") if name in shown}
    return {"article_id": f"notice:{shown['id']}", "quote": shown["text"]} | kept
