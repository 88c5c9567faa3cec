"""The section of settings: what is written is checked beside it, saved, shared and undone."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def open_area(page, area):
    page.goto(f"/console#/settings/{area}")
    expect(page.get_by_test_id("settings-area")).to_have_attribute("data-area", area)


def test_hours_are_set_shared_and_undone(agent, axe, picture):
    page = agent(role="admin", name="Ada")
    other = agent(role="supervisor", name="Sam", expected="409")
    open_area(page, "hours")
    expect(page.get_by_test_id("settings-version")).to_contain_text("nobody has saved")
    expect(page.get_by_test_id("settings-duty")).to_have_text("on duty now")
    open_area(other, "hours")

    # What cannot be used is said beside it, and cannot be saved.
    page.get_by_test_id("settings-zone").fill("Mars/Base")
    problems = page.get_by_test_id("settings-problems")
    expect(problems).to_contain_text("teams.all.zone")
    expect(page.get_by_test_id("settings-save")).to_be_disabled()
    page.get_by_test_id("settings-zone").fill("Asia/Seoul")
    expect(problems).to_have_count(0)

    # A draft outlives a look elsewhere.
    open_area(page, "desk")
    open_area(page, "hours")
    expect(page.get_by_test_id("settings-zone")).to_have_value("Asia/Seoul")
    expect(page.get_by_test_id("settings-findings")).to_contain_text("teams.all.zone")
    axe(page)
    picture(page, "console-settings-hours")
    page.get_by_test_id("settings-note").fill("we moved")
    page.get_by_test_id("settings-save").click()
    expect(page.get_by_test_id("settings-version")).to_contain_text("Version 2")

    # Who began before that loses nothing, and takes both.
    other.get_by_test_id("settings-day-sun").uncheck()
    other.get_by_test_id("settings-save").click()
    conflict = other.get_by_test_id("settings-conflict")
    expect(conflict).to_contain_text("Asia/Seoul")
    axe(other)
    picture(other, "console-settings-conflict")
    other.get_by_test_id("conflict-merge").click()
    expect(other.get_by_test_id("settings-zone")).to_have_value("Asia/Seoul")
    other.get_by_test_id("settings-save").click()
    expect(other.get_by_test_id("settings-version")).to_contain_text("Version 3")

    # Undo is a version, too; the first is what the file said.
    other.get_by_test_id("settings-view-history").click()
    rows = other.get_by_test_id("settings-history").locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(1)).to_contain_text("we moved")
    expect(rows.nth(2)).to_contain_text("the file")
    rows.nth(2).get_by_role("button").click()
    other.get_by_test_id("settings-restore").click()
    expect(rows).to_have_count(4)
    expect(rows.first).to_contain_text("brings back 1")
    axe(other)
    picture(other, "console-settings-history")
    other.get_by_test_id("settings-view-form").click()
    expect(other.get_by_test_id("settings-zone")).to_have_value("UTC")


def test_each_area_has_a_form_and_yaml(agent, axe, picture):
    page = agent(role="admin", name="Ada")
    open_area(page, "routing")
    rules = page.locator('[data-testid="settings-rules"][data-kind="topics"]')
    rules.get_by_test_id("settings-rule-new").fill("firmware")
    rules.get_by_test_id("settings-rule-add").click()
    rule = rules.locator('[data-rule="firmware"]')
    rule.get_by_test_id("settings-rule-priority").fill("12")
    expect(rule.get_by_test_id("settings-rule-priority")).to_have_attribute("aria-invalid", "true")
    rule.get_by_test_id("settings-rule-priority").fill("9")
    rule.get_by_test_id("settings-rule-skill").fill("technical")
    expect(page.get_by_test_id("settings-findings")).to_contain_text("topics.firmware")
    axe(page)
    picture(page, "console-settings-routing")
    page.get_by_test_id("settings-view-yaml").click()
    yaml = page.get_by_test_id("settings-yaml")
    expect(yaml).to_have_value(
        re.compile(r"\n  firmware:\n    priority: 9\n    skill: technical\n")
    )
    yaml.fill("# by topic\ntopics:\n  firmware: {priority: 8}\n")
    page.get_by_test_id("settings-save").click()
    expect(page.get_by_test_id("settings-version")).to_contain_text("Version 2")
    expect(yaml).to_have_value("# by topic\ntopics:\n  firmware: {priority: 8}\n")
    page.get_by_test_id("settings-view-form").click()
    expect(rule.get_by_test_id("settings-rule-priority")).to_have_value("8")

    open_area(page, "sites")
    page.get_by_test_id("settings-site-name").fill("Havelo")
    page.get_by_test_id("settings-site-colour").fill("#ffee00")
    expect(page.get_by_test_id("settings-contrast-light")).to_contain_text("another shade")
    expect(page.get_by_test_id("settings-preview")).to_contain_text("Havelo")
    expect(page.get_by_test_id("settings-findings")).to_contain_text("colour")
    page.get_by_test_id("settings-survey-nps").check()
    axe(page)
    picture(page, "console-settings-sites")
    page.get_by_test_id("settings-discard").click()

    open_area(page, "desk")
    page.get_by_test_id("settings-wrap_up_s").fill("99999")
    expect(page.get_by_test_id("settings-problems")).to_contain_text("0…3600")
    page.get_by_test_id("settings-wrap_up_s").fill("45")
    page.get_by_test_id("settings-tags").fill("vip\nbug report")
    page.get_by_test_id("settings-save").click()
    expect(page.get_by_test_id("settings-version")).to_contain_text("Version 2")
    axe(page)


@pytest.mark.parametrize(
    ("locale", "dark", "width"), [("ko-KR", True, 1280), ("ru-RU", False, 390)]
)
def test_it_speaks_other_languages_and_fits_a_phone(agent, axe, picture, locale, dark, width):
    page = agent(role="supervisor", name="Sam", locale=locale, dark=dark, width=width)
    open_area(page, "hours")
    expect(page.get_by_test_id("settings-team")).to_be_visible()

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(page)
    picture(page, f"console-settings-{locale[:2]}")
    open_area(page, "desk")
    expect(page.get_by_test_id("settings-wrap_up_s")).to_be_disabled()
