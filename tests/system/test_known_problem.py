"""A known problem, from the command that publishes it to the bot that answers with it."""

import json

TEXT = "Signing in to the app fails for many customers since this morning."


async def test_a_published_problem_is_what_the_bot_answers_first(baton, visitor):
    code, out, err = await baton(
        *("notice", "publish", "--json", "--say", "en", "Sign-in does not work", TEXT),
        *("--say", "ru", "Не работает вход", "Вход в приложение не работает с утра."),
        *("--question", "I cannot log in to the app"),
    )
    assert code == 0, err
    notice = json.loads(out)
    try:
        async with visitor("en") as customer:
            [said] = await customer.say("why can't I log in to the app today?")
            more = await customer.click(said, "other_problem")
            again = await customer.say("How do I reset my password?")
        async with visitor("ru") as customer:
            [russian] = await customer.say("не могу войти в приложение")
    finally:
        code, _, err = await baton("notice", "withdraw", notice["id"])
    _, listed, _ = await baton("notice", "list", "--json")
    async with visitor("en") as customer:
        after = await customer.say("why can't I log in to the app today?")

    assert (said.kind, said.data["notice"]) == ("notice", notice["id"])
    assert TEXT in said.text
    assert "notice" not in {event.kind for event in [*more, *again, *after]}
    assert again[0].kind == "answer"
    assert "Вход в приложение не работает с утра." in russian.text
    assert (code, json.loads(listed)[0]["withdrawn_ms"] is not None) == (0, True), err


async def test_what_cannot_be_published_is_wrong_use(baton):
    code, out, err = await baton("notice", "publish", "--say", "de", "Störung", "Es geht nicht.")

    assert (code, out) == (2, "")
    assert "notice" in err
