"""The form for browsers without JavaScript, as such a browser sees it."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from handoff_service.domain import LOCALES
from tests.handoff_service.gateway.harness import handoff, reply

PATH = "/widget/plain"


class Page(HTMLParser):
    """What of a page matters: its text, and each form with its fields and buttons."""

    def __init__(self, text, status):
        super().__init__()
        self.status, self.html, self.forms = status, text, []
        self.text = unescape(re.sub(r"<[^>]+>", " ", text))
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self.forms.append({"action": given["action"], "fields": {}, "buttons": []})
        elif tag == "input" and given.get("type") == "hidden":
            self.forms[-1]["fields"][given["name"]] = given["value"]
        elif tag == "button":
            self.forms[-1]["buttons"].append((given["name"], given["value"]))

    def form_with(self, name, value=None):
        for form in self.forms:
            for button in form["buttons"]:
                if button[0] == name and value in {None, button[1]}:
                    return form, button
        raise AssertionError(f"no button {name}={value} in {self.text}")


class Browser:
    """Follows redirects, keeps cookies, runs no script."""

    def __init__(self, http):
        self.http, self.page = http, None

    async def open(self, path=PATH):
        async with self.http.get(path) as answer:
            self.page = Page(await answer.text(), answer.status)
        return self.page

    async def submit(self, name, value=None, headers=None, **fields):
        form, button = self.page.form_with(name, value)
        body = form["fields"] | dict([button]) | fields
        async with self.http.post(form["action"], data=body, headers=headers) as answer:
            self.page = Page(await answer.text(), answer.status)
        return self.page


@pytest.fixture
async def browser(service):
    return Browser(await service.http())


async def test_a_question_is_answered_on_the_page(browser, bot):
    button = {"title": "Yes", "payload": {"action": "helped"}}
    source = {"article_id": "reset", "title": "Reset the hub", "url": "/help/en/reset"}
    bot.answers["How?"] = {
        "messages": [reply("Hold the <b>button</b>.", buttons=[button], sources=[source])],
        "language": None,
    }
    page = await browser.open()
    assert "How can we help?" in page.text
    assert not browser.http.cookie_jar.filter_cookies(browser.http._base_url), "nothing before"

    page = await browser.submit("do", "say", text="How?")

    assert "Hold the <b>button</b>." in page.text
    assert "<b>" not in page.html, "what people write is text"
    assert 'href="/help/en/reset"' in page.html
    page = await browser.submit("choice")
    assert "You said: Yes" in page.text


async def test_the_same_form_sent_twice_is_one_message(browser):
    page = await browser.open()
    form, _ = page.form_with("do", "say")
    for _ in range(2):
        await browser.http.post(form["action"], data=form["fields"] | {"text": "only once"})

    page = await browser.open()
    assert page.text.count("You said: only once") == 1


async def test_a_person_is_asked_for_answers_and_is_read_when_looked_for(browser, service, bot):
    bot.answers["a person please"] = handoff()
    jo = await service.agent(await service.account())
    await browser.open()
    await browser.submit("do", "say", text="a person please")
    offer = (await jo.until("offer"))["offer"]
    await jo.send("accept", conversation_id=offer["conversation_id"], epoch=offer["epoch"])
    shown = (await jo.until("conversation"))["summary"]
    about = {"conversation_id": shown["conversation_id"], "epoch": shown["epoch"]}
    await jo.send("message", **about, message_id="a-1", text="Hello, I am Jo.")
    await jo.until("ack", message_id="a-1")

    news = re.search(r'href="([^"]*after=\d+[^"]*)"', browser.page.html)[1]
    page = await browser.open(unescape(news))
    assert "Hello, I am Jo." in page.text


async def test_with_nobody_on_duty_a_message_can_be_left(browser, bot):
    await browser.open()
    page = await browser.submit("do", "person")
    assert "Nobody is on duty" in page.text

    page = await browser.submit("do", "leave", contact="me@example.org", text="Call me")
    assert "Your message is with our team." in page.text


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_language_has_every_word(browser, locale):
    page = await browser.open(f"{PATH}?locale={locale}")
    page = await browser.submit("do", "person")

    assert f'<html lang="{locale}"' in page.html
    assert not re.search(r"\b(plain|leave|error|input|log)_\w+", page.text)
    assert "{" not in page.text


async def test_what_is_refused_is_said_and_kept(browser):
    await browser.open()
    page = await browser.submit("do", "say", text="x" * 2000)

    assert page.status == 200
    assert "too long" in page.text
    assert "x" * 2000 in page.html


async def test_forms_of_other_sites_and_foreign_cookies_do_nothing(browser, service):
    page = await browser.open()
    page = await browser.submit("do", "say", {"Origin": "https://elsewhere.example"}, text="hi")
    assert page.status == 403

    browser.http.cookie_jar.update_cookies({"baton_plain": "nonsense"}, browser.http._base_url)
    page = await browser.open()
    assert page.status == 200
    page = await browser.submit("do", "say", text="hi")
    assert "You said: hi" in page.text
    cookie = next(each for each in browser.http.cookie_jar if each.value != "nonsense")
    assert (cookie["path"], cookie["samesite"]) == (PATH, "Lax")
    assert cookie["httponly"]
