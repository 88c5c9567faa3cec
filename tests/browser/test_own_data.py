"""What belongs to the customer: leaving a message unasked, a copy, an e-mail's link, the end."""

import re
from email import message_from_bytes, policy
from pathlib import Path
from queue import Queue

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import expect

from tests.browser.test_widget import frame_of, open_widget, own, say  # noqa: F401
from tests.conftest import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


class Mailbox:
    """Keeps what it is handed."""

    def __init__(self):
        self.mails = Queue()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802
        self.mails.put(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture(scope="module")
def mailbox():
    """A real SMTP server on loopback."""
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture(scope="module")
def more_settings(mailbox):
    """The service sends e-mails, answers at once."""
    return {
        "BATON_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "BATON_MAIL_FROM": "help@shop.example",
        "BATON_MAIL_SETTLE_S": "0",
    }


def menu(chat, item):
    """Choose from the menu."""
    chat.get_by_test_id("menu-button").click()
    chat.get_by_test_id(f"menu-{item}").click()


def test_a_customer_keeps_sends_and_deletes_the_conversation(
    open_widget,  # noqa: F811
    axe,
    picture,
    mailbox,
):
    page, chat = open_widget(width=375, height=667)
    chat.get_by_test_id("menu-button").click()
    expect(chat.get_by_test_id("menu-erase")).to_be_hidden()
    chat.get_by_test_id("menu-button").click()
    say(chat, "my <b>secret</b> question")
    expect(own(chat, "my <b>secret</b> question")).to_be_visible()

    with page.expect_download() as download:
        menu(chat, "save")
    saved = Path(download.value.path()).read_text("utf-8")
    assert "my &lt;b&gt;secret&lt;/b&gt; question" in saved

    menu(chat, "mail")
    expect(chat.get_by_test_id("copy-email")).to_be_focused()
    picture(page, "widget-mail-transcript")
    chat.get_by_test_id("copy-email").fill("kim@shop.example")
    chat.get_by_test_id("data-go").click()
    expect(chat.get_by_test_id("alert")).to_contain_text("on its way")
    mail = mailbox.mails.get(timeout=10)
    assert mail["To"] == "kim@shop.example"
    assert "my <b>secret</b> question" in mail.get_body(("plain",)).get_content()
    expect(chat.get_by_test_id("composer-input")).to_be_focused()

    menu(chat, "erase")
    expect(chat.get_by_test_id("data-no")).to_be_focused()
    axe(frame_of(page))
    picture(page, "widget-erase")
    page.keyboard.press("Escape")
    expect(chat.get_by_test_id("data-form")).to_be_hidden()
    expect(own(chat, "my <b>secret</b> question")).to_be_visible()
    menu(chat, "erase")
    chat.get_by_test_id("data-go").click()
    expect(chat.get_by_test_id("alert")).to_contain_text("deleted")
    expect(own(chat, "my <b>secret</b> question")).to_have_count(0)
    page.reload()
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    expect(own(chat, "my <b>secret</b> question")).to_have_count(0)


def test_who_leaves_a_message_comes_back_by_the_link_in_the_answer(
    open_widget,  # noqa: F811
    agent,
    new_page,
    axe,
    picture,
    mailbox,
):
    page, chat = open_widget(width=375, height=667)
    say(chat, "hi")
    menu(chat, "leave")
    text, contact = chat.get_by_test_id("leave-text"), chat.get_by_test_id("leave-contact")
    expect(text).to_have_value("")
    expect(contact).to_be_focused()
    expect(chat.get_by_test_id("leave-when")).to_be_hidden()
    contact.fill("+49 30 1234567")
    expect(chat.get_by_test_id("leave-when")).to_be_visible()
    axe(frame_of(page))
    picture(page, "widget-call-back")
    page.keyboard.press("Escape")
    expect(chat.get_by_test_id("leave-form")).to_be_hidden()
    menu(chat, "leave")
    contact.fill("kim@shop.example")
    text.fill("Where is my parcel?")
    chat.get_by_test_id("leave-send").click()
    expect(chat.locator("body")).to_have_attribute("data-state", "message_left")
    page.close()

    console = agent(languages=("en",))
    console.get_by_test_id("offer-accept").click()
    console.get_by_test_id("composer-input").fill("It comes tomorrow.")
    console.get_by_test_id("composer-input").press("Enter")

    mail = mailbox.mails.get(timeout=15).get_body(("plain",)).get_content()
    assert "It comes tomorrow." in mail
    link = re.search(r"http\S+/widget/resume\S*#baton=\S+", mail)[0]
    back = new_page()
    back.goto(link)
    expect(back.get_by_test_id("transcript")).to_contain_text("It comes tomorrow.")
    expect(own(back, "Where is my parcel?")).to_be_visible()
    assert "baton=" not in back.url
