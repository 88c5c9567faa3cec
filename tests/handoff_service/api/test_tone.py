"""The setting of the tone reaches the sentences of the service and the strings of the widget."""

import pytest


@pytest.mark.parametrize(
    ("locale", "sentence", "greeting"),
    [("ru", "Оставь сообщение", "Привет! Чем помочь?"),
     ("en", "If you leave a message", "Hello! How can we help?")],
)  # fmt: skip
async def test_the_tone_of_a_locale_is_heard_everywhere(start_service, locale, sentence, greeting):
    service = await start_service(tone=frozenset({"ru"}))
    page = await service.customer(locale=locale)

    await page.send("request_person", message_id="p1")
    handoff = await page.event("handoff.requested")
    strings = await (await service.http()).get(f"/shared/locales/widget/{locale}.json")

    assert sentence in handoff["data"]["text"]
    assert (await strings.json())["greeting_title"] == greeting
