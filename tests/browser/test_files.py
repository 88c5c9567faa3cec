"""Files between a customer and an agent, in two browsers."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.browser.desk import ask_for_a_person
from tests.browser.test_widget import frame_of
from tests.handoff_service.attachments.samples import PDF, photo_of_a_place, picture as drawn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

#: Does with a file what a hand does: `type` of the event, in a page that has it as base64.
HAND_OVER = """([type, name, kind, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, {type: kind}));
  const target = document.querySelector("#input");
  const how = {bubbles: true, cancelable: true};
  if (type === "paste")
    target.dispatchEvent(new ClipboardEvent(type, {...how, clipboardData: data}));
  else target.dispatchEvent(new DragEvent(type, {...how, dataTransfer: data}));
}"""


def hand_over(page, kind, name, media, content):
    page.evaluate(HAND_OVER, [kind, name, media, base64.b64encode(content).decode()])


def loaded(image):
    """Wait until an image is drawn."""
    expect(image).to_have_js_property("complete", True)
    expect(image).not_to_have_js_property("naturalWidth", 0)


def test_a_dropped_picture_is_seen_and_answered_with_a_document(
    customer,
    agent,
    axe,
    picture,
    tmp_path,
):
    page, chat = customer(width=390, height=760)
    frame = frame_of(page)
    desk = agent()
    ask_for_a_person(chat)
    desk.get_by_test_id("offer-accept").click()
    expect(chat.locator("body")).to_have_attribute("data-state", "assigned")

    hand_over(frame, "dragover", "hub.jpg", "image/jpeg", photo_of_a_place())
    expect(chat.locator("body")).to_have_attribute("data-drop", "Attach a file")
    picture(page, "widget-drop")
    hand_over(frame, "drop", "hub.jpg", "image/jpeg", photo_of_a_place())
    hand_over(frame, "paste", "shot.png", "image/png", drawn(size=(300, 200)))
    expect(chat.locator("body")).not_to_have_attribute("data-drop", re.compile(""))
    expect(chat.get_by_test_id("picked-file")).to_have_count(2)
    axe(frame)
    chat.get_by_role("button", name="Discard: shot.png").click()
    expect(chat.get_by_test_id("picked-file")).to_have_count(1)
    expect(chat.get_by_test_id("composer-input")).to_be_focused()
    chat.get_by_test_id("composer-send").click()

    expect(chat.get_by_test_id("picked-file")).to_have_count(0)
    shown = chat.get_by_test_id("transcript").get_by_test_id("attachment").locator("img")
    loaded(shown)
    expect(shown).to_have_attribute("alt", "hub.jpg")
    seen = desk.get_by_test_id("transcript").get_by_test_id("attachment")
    loaded(seen.locator("img"))

    with desk.expect_file_chooser() as chooser:
        desk.get_by_test_id("attach").click()
    bill = tmp_path / "bill.pdf"
    bill.write_bytes(PDF)
    chooser.value.set_files(bill)
    desk.get_by_test_id("composer-input").fill("Your bill")
    desk.get_by_test_id("composer-send").click()

    document = chat.get_by_test_id("attachment").filter(has_text="bill.pdf")
    expect(document).to_be_visible()
    axe(frame)
    axe(desk)
    picture(page, "widget-files")
    picture(desk, "console-files")
    with page.expect_download() as download:
        document.click()
    assert download.value.suggested_filename == "bill.pdf"
    assert download.value.path().read_bytes() == PDF
    with page.context.expect_page() as opened:
        chat.get_by_test_id("attachment").first.click()
    opened.value.wait_for_url(re.compile("^blob:"))
    expect(opened.value.locator("img")).to_have_js_property("naturalHeight", 60)


def test_files_wait_for_the_connection_survive_a_reload_and_are_refused_with_words(customer):
    page, chat = customer(expected="Failed to load resource")
    page.route("**/api/customer/attachments", lambda route: route.abort())
    hand_over(frame_of(page), "paste", "shot.png", "image/png", drawn())
    chat.get_by_test_id("composer-input").fill("Look at this")
    chat.get_by_test_id("composer-send").click()
    waiting = chat.locator('[data-testid="message"][data-delivery="sending"]')
    expect(waiting).to_contain_text("shot.png")

    page.reload()
    expect(chat.locator("body")).to_have_attribute("data-connection", "online")
    expect(waiting).to_contain_text("shot.png")
    page.unroute("**/api/customer/attachments")

    loaded(chat.get_by_test_id("attachment").locator("img"))
    expect(waiting).to_have_count(0)
    expect(chat.locator('[data-author="customer"]')).to_have_count(1)

    hand_over(frame_of(page), "drop", "a.svg", "image/svg+xml", b"<svg><script>1</script></svg>")
    chat.get_by_test_id("composer-send").click()
    failed = chat.locator('[data-testid="message"][data-delivery="failed"]')
    expect(failed).to_contain_text("a.svg")
    expect(chat.get_by_test_id("alert")).to_contain_text("cannot be sent")
    failed.get_by_test_id("discard-message").click()
    expect(failed).to_have_count(0)
