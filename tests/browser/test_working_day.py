"""A working day in minutes: two agents, a supervisor, three customers, and the numbers of it."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.browser.desk import ask_for_a_person, say, text_of

pytestmark = pytest.mark.browser

#: Sections of which pictures are taken, in light and dark, in two languages, and what is there
#: once they can be read.
SECTIONS = {
    "desk": "[data-testid=empty-pane]",
    "inbox/all": "[data-testid=inbox-row] >> nth=0",
    "floor": "[data-testid=figure-waiting]",
    "reports": "[data-testid=report-course] canvas",
    "settings/hours": "[data-section=settings] input >> nth=0",
}
#: More than today: from 2024 to 2033.
TODAY = "from_ms=1704067200000&to_ms=2000000000000"


def accept(page):
    """Take what is offered, wherever in the console one is."""
    page.get_by_test_id("offer-item").first.click()
    page.get_by_test_id("offer-accept").click()
    expect(page.get_by_test_id("conversation")).to_have_attribute("data-state", "assigned")
    # The end is in sight, though suggestions have come below it.
    expect(page.get_by_test_id("suggestions")).to_be_visible()
    expect(page.get_by_test_id("message").last).to_be_in_viewport()


def close(page):
    """End the conversation in sight: it is solved."""
    page.get_by_test_id("close-conversation").click()
    page.get_by_test_id("disposition-solved").check()
    page.get_by_test_id("wrap-up-confirm").click()
    page.get_by_test_id("done").click()


def shown(page, metric):
    """Return a number of the page of reports."""
    card = page.locator(f'[data-testid="report-card"][data-metric="{metric}"]')
    return card.get_by_test_id("report-figure")


def until_counted(page, *, handled):
    """Wait until the numbers have so many times that agents handled a conversation."""
    end = time.monotonic() + 20
    answer = {}
    while answer.get("value") != handled:
        assert time.monotonic() < end, answer
        asked = page.request.get(f"/api/reports/metrics?{TODAY}&metric=handled").json()
        answer = asked["total"]["handled"]


def test_a_day_from_the_first_question_to_the_numbers(customer, agent, axe, picture):
    mina = agent(name="Mina Park")
    chats = [customer()[1] for _ in range(3)]
    ask_for_a_person(chats[0])
    accept(mina)
    say(mina, "Good morning, this is Mina.")
    expect(text_of(chats[0], "agent", "this is Mina")).to_have_count(1)

    # The second customer's case is passed on to a colleague, with a word about it.
    ask_for_a_person(chats[1])
    accept(mina)
    oleg = agent(name="Oleg Ivanov", languages=("en", "ru"))
    mina.get_by_test_id("composer-input").press("Escape")
    mina.keyboard.press("t")
    mina.get_by_test_id("transfer-input").fill("oleg")
    expect(mina.get_by_test_id("transfer-item").first).to_contain_text("Oleg Ivanov")
    mina.keyboard.press("Enter")
    mina.get_by_test_id("transfer-note").fill("knows hubs")
    mina.get_by_test_id("transfer-confirm").click()
    accept(oleg)
    say(oleg, "Oleg here, I know this hub.")
    expect(text_of(chats[1], "agent", "Oleg here")).to_have_count(1)

    # The supervisor takes the third one over.
    supervisor = agent(name="Sue Weber", role="supervisor", presence="away", width=1440)
    ask_for_a_person(chats[2])
    supervisor.goto("/console#/floor")
    line = supervisor.locator('[data-testid^="waiting-"]')
    expect(line).to_have_count(1)
    line.get_by_role("button", name=re.compile("What can be done")).click()
    supervisor.get_by_role("menuitem", name="Take over").click()
    supervisor.get_by_test_id("take-over-confirm").click()
    say(supervisor, "I am Sue, I will help you.")
    expect(text_of(chats[2], "agent", "I am Sue")).to_have_count(1)
    for page in (mina, oleg, supervisor):
        close(page)
    for chat in chats:
        expect(chat.locator("body")).to_have_attribute("data-state", "closed")

    # The numbers of the day: three asked for a person, all were answered, one was passed on.
    until_counted(supervisor, handled=4)
    supervisor.goto("/console#/reports")
    expect(shown(supervisor, "handoff_rate")).to_contain_text("100%")
    expect(shown(supervisor, "conversations")).to_contain_text("3")
    expect(shown(supervisor, "handled")).to_contain_text("4")
    axe(supervisor)
    supervisor.get_by_role("button", name="Conversations handled", exact=True).click()
    expect(supervisor).to_have_url(re.compile("metric=handled"))
    expect(supervisor.get_by_test_id("report-course")).to_have_attribute(
        "aria-label", re.compile("Conversations handled")
    )
    supervisor.get_by_test_id("report-by").select_option("agent")
    groups = supervisor.get_by_test_id("report-groups")
    expect(groups).to_contain_text("Oleg Ivanov")
    groups.get_by_role("button", name="Oleg Ivanov").click()
    expect(shown(supervisor, "handled")).to_contain_text("1")
    supervisor.get_by_test_id("report-filter").click()
    expect(shown(supervisor, "handled")).to_contain_text("4")

    # What is behind a number, down to the words.
    handed = supervisor.locator('[data-testid="report-card"][data-metric="handoff_rate"]')
    handed.get_by_test_id("report-drill").click()
    behind = supervisor.get_by_test_id("report-behind")
    expect(behind.locator("li")).to_have_count(3)
    axe(supervisor)
    picture(supervisor, "reports-behind")
    behind.locator("li a").last.click()
    expect(supervisor.get_by_test_id("transcript")).to_contain_text("this is Mina")
    supervisor.go_back()

    # The same as a file, and every Monday by e-mail.
    with supervisor.expect_download() as download:
        supervisor.get_by_test_id("report-csv").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0] == "group,label,metric,part,value,count,low,high"
    assert any(row.startswith(",,handled,,4,") for row in lines)
    supervisor.get_by_test_id("report-mails").click()
    dialog = supervisor.get_by_test_id("report-mails-dialog")
    expect(dialog).to_contain_text("No mail server is set")
    dialog.get_by_label("To").fill("boss@shop.example")
    dialog.get_by_test_id("report-mails-add").click()
    expect(dialog.get_by_test_id("report-mails-list")).to_contain_text("boss@shop.example")
    axe(supervisor)
    dialog.get_by_role("button", name="Stop").click()
    expect(dialog.get_by_test_id("report-mails-list").locator("li")).to_have_count(0)
    supervisor.keyboard.press("Escape")

    # Every view, in light and dark, in two languages.
    for locale in ("en", "ru"):
        supervisor.locator("#top").get_by_test_id("language-select").select_option(locale)
        expect(supervisor.locator("html")).to_have_attribute("lang", locale)
        for scheme in ("light", "dark"):
            supervisor.emulate_media(color_scheme=scheme)
            for section, there in SECTIONS.items():
                supervisor.goto(f"/console#/{section}")
                name = section.split("/")[0]
                expect(supervisor.get_by_test_id(f"nav-{name}")).to_have_attribute(
                    "aria-current", "page"
                )
                supervisor.locator(there).wait_for()
                picture(supervisor, f"day-{name}-{locale}-{scheme}")
    axe(supervisor)
