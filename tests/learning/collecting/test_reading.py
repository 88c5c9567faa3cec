"""What a conversation's events tell of its turns."""

import pytest

from learning.collecting.reading import read_talk
from tests.learning.collecting.chats import SURE, Chat


def turns(chat):
    return read_talk(chat.events).turns


def test_a_turn_knows_what_was_understood_and_done():
    chat = Chat().add("language.changed", language="ru").ask("пароль?").answer().close()

    account = read_talk(chat.events)

    [turn] = account.turns
    assert account.site == "shop"
    assert (turn.seq, turn.text, turn.language, turn.did) == (3, "пароль?", "ru", "answer")
    assert (turn.intent, turn.intent_confidence, turn.scope_confidence, turn.runner_up) == (
        "ask_password", 0.9, 0.8, "ask_wifi",
    )  # fmt: skip
    assert (turn.query, turn.answer_confidence) == ("reset password", 0.7)
    assert (turn.article_id, turn.article_locale) == ("reset", "en")
    assert (turn.release, turn.index_version, turn.reply_seq) == ("r1", "v1", 4)
    assert turn.asks
    assert (turn.vote, turn.mark, turn.handoff_reason, turn.helped) == (None,) * 4


def test_the_language_is_the_one_that_the_turn_was_recognised_in():
    chat = Chat().ask("비밀번호?").add("language.changed", language="ko").answer()

    assert turns(chat)[0].language == "ko"


def test_events_of_before_the_bot_told_are_read_as_well():
    [turn] = turns(Chat().ask("password?").reply(understood=None, release=None, intent=None))

    assert (turn.intent, turn.intent_confidence, turn.did) == (None, None, "answer")


@pytest.mark.parametrize(
    ("action", "helped"), [("helped", True), ("not_helped", False), ("none_of_these", False)]
)
def test_a_click_is_no_turn_and_says_whether_it_helped(action, helped):
    chat = Chat().ask("password?").answer().click(action).reply("smalltalk", intent=action)

    [turn] = turns(chat)

    assert turn.helped is helped


def test_words_say_as_much_as_a_click():
    chat = (
        Chat().ask("password?").answer().ask("no, wrong").reply("offer_person", intent="not_helped")
    )

    first, second = turns(chat)

    assert first.helped is False
    assert not second.asks


def test_a_vote_and_a_mark_go_to_the_turn_of_the_answer():
    chat = Chat().ask("password?").answer()
    answer = chat.events[-1].seq
    chat.add("answer.voted", seq=answer, helpful=True).close()
    chat.add("answer.marked", seq=answer, verdict="wrong").add(
        "answer.voted", seq=answer, helpful=False
    )
    chat.add("answer.marked", seq=99, verdict="wrong")

    [turn] = turns(chat)

    assert (turn.vote, turn.helped, turn.mark) == (-1, False, "wrong")


def test_a_marked_message_of_the_customer_is_a_question_whatever_the_bot_took_it_for():
    chat = Chat().ask("hello? it burns").reply("smalltalk", intent="greet")
    assert not turns(chat)[0].asks

    chat.add("answer.marked", seq=2, verdict="missing")

    assert (turns(chat)[0].mark, turns(chat)[0].asks) == ("missing", True)


def test_what_was_chosen_when_the_bot_asked_back_is_the_article():
    chat = Chat().ask("it").reply("clarify").click("show_article", article_id="a7", locale="ko")
    chat.answer()
    chat.add("answer.voted", seq=chat.events[-1].seq, helpful=True)

    [turn] = turns(chat)

    assert (turn.did, turn.article_id, turn.article_locale, turn.vote) == ("clarify", "a7", "ko", 1)


def test_an_answer_that_is_followed_by_a_handoff_did_not_help():
    chat = Chat().ask("password?").answer()
    chat.ask("a person please").reply("handoff", text="", intent="request_person")
    del chat.events[-1]  # nothing was said: the request carries what was understood
    chat.handoff("asked", turn=2, intent="request_person", understood=SURE)
    chat.agent("Hi, I'm Ann. How can I help?").said("customer", "the password")
    chat.agent("Open the app, then tap Settings and Reset password.").agent("Done in a minute.")
    chat.said("customer", "ok").agent("And the weather is fine over here, is what I hear.").close()

    question, wish = turns(chat)

    assert (question.handoff_reason, question.helped, question.did) == ("asked", False, "answer")
    assert list(question.words.values()) == [
        "Open the app, then tap Settings and Reset password.", "Done in a minute.",
    ]  # fmt: skip
    assert question.agent_id == "a1"
    assert (wish.did, wish.intent, wish.asks, wish.words) == (
        "handoff",
        "request_person",
        False,
        {},
    )


def test_the_words_of_a_person_belong_to_the_question_they_were_called_for():
    chat = Chat().ask("password?").answer().ask("my bill is wrong").reply("offer_person")
    chat.handoff("payment_dispute", release="r1").agent(
        "I have sent the difference back to you today."
    ).close()

    first, second = turns(chat)

    assert (first.handoff_reason, first.words) == (None, {})
    assert (second.handoff_reason, second.did) == ("payment_dispute", "handoff")
    assert len(second.words) == 1


def test_a_click_on_the_offer_counts_as_the_handoff_of_the_question():
    chat = Chat().ask("odd thing").reply("offer_person").click("request_person")
    chat.handoff("asked").agent("It is odd indeed, and we mend it for you tomorrow.").close()

    [turn] = turns(chat)

    assert (turn.did, turn.handoff_reason, turn.helped) == ("offer_person", "asked", False)
    assert turn.words


def test_a_wish_for_a_person_right_after_an_answer_says_that_it_did_not_help():
    chat = Chat().ask("password?").answer().handoff("asked")

    [turn] = turns(chat)

    assert (turn.did, turn.handoff_reason, turn.helped) == ("answer", "asked", False)


def test_answers_to_triage_ask_nothing_and_the_fault_keeps_the_handoff():
    chat = Chat().ask("hub is dead").reply("triage", intent="technical_issue")
    chat.ask("Hub 2").reply("triage", intent="nlu_fallback").ask("v2.3")
    chat.handoff(
        "technical_issue", turn=3, intent="nlu_fallback",
        triage=[{"field": "contact", "answer": "Kim"}, {"field": "product", "answer": "Hub 2"}],
    )  # fmt: skip
    chat.agent("Please hold the button for ten seconds until it blinks.").close()

    account = read_talk(chat.events)

    assert [(turn.asks, turn.did) for turn in account.turns] == [
        (True, "triage"), (False, "triage"), (False, "handoff"),
    ]  # fmt: skip
    assert account.turns[0].handoff_reason == "technical_issue"
    assert account.turns[0].words
    assert account.contacts == {"Kim"}


def test_a_question_in_the_middle_of_triage_is_one():
    chat = Chat().ask("hub is dead").reply("triage").ask("how do I get a refund?").answer()

    assert [turn.asks for turn in turns(chat)] == [True, True]


def test_small_talk_that_was_not_sure_may_have_been_a_question():
    doubt = SURE | {"intent_confidence": 0.4}
    chat = Chat().ask("hi").reply("smalltalk", intent="greet")
    chat.ask("hm").reply("smalltalk", intent="greet", understood=doubt)

    assert [turn.asks for turn in turns(chat)] == [False, True]


def test_what_is_said_while_a_person_is_on_the_way_or_there_is_no_question():
    chat = Chat().ask("odd").handoff("low_confidence", turn=1, intent="nlu_fallback")
    chat.ask("hello?").said("customer", "are you there").said("customer", "").close()

    assert [(turn.text, turn.asks) for turn in turns(chat)] == [("odd", True), ("hello?", False)]


def test_a_survey_speaks_where_nothing_else_did():
    chat = Chat().ask("password?").answer()
    about = chat.events[-1].seq
    chat.add("survey.answered", kind="csat", score=2, about=about, after="answer").close()

    assert turns(chat)[0].helped is False


def test_the_next_round_has_nothing_to_do_with_the_one_before():
    chat = Chat().ask("password?").answer().close().ask("a person").handoff("asked", turn=2)

    first, second = turns(chat)

    assert (first.handoff_reason, first.helped) == (None, None)
    assert second.handoff_reason == "asked"


def test_an_edited_message_of_an_agent_says_what_it_says_now():
    chat = Chat().ask("odd").handoff("low_confidence", turn=1, intent="nlu_fallback")
    chat.agent("Press the red button for ten seconds, please do.")
    chat.add("message.edited", of_seq=chat.events[-1].seq, text="Press the blue button.")

    assert list(turns(chat)[0].words.values()) == ["Press the blue button."]


def test_events_of_another_shape_are_passed_over():
    chat = Chat().add("answer.voted").add("message.posted").add("moon.landed", moon=1)

    assert len(turns(chat.ask("password?").answer())) == 1
