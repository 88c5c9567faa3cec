"""People: invited, joined in their language, signed in with a second factor, looked after."""

import re

import pyotp
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def sign_in(page, login, password):
    page.goto("/console")
    page.get_by_test_id("signin-login").fill(login)
    page.get_by_test_id("signin-password").fill(password)
    page.get_by_test_id("signin-submit").click()


def test_somebody_is_invited_joins_in_russian_and_signs_in_with_a_code(
    agent, new_page, axe, picture
):
    admin = agent(role="admin", name="Ada", presence="offline")
    admin.goto("/console#/team")
    admin.get_by_test_id("team-invite").click()
    admin.get_by_test_id("account-login").fill("olga")
    admin.get_by_test_id("account-name").fill("Olga")
    admin.get_by_test_id("account-teams").fill("billing, vip")
    admin.get_by_test_id("account-skills").fill("tax:3")
    axe(admin)
    picture(admin, "console-team-invite")
    admin.get_by_test_id("invite-send").click()
    link = admin.get_by_test_id("link").input_value()
    assert re.search(r"/console#/welcome/[\w-]{43}$", link)
    expect(admin.locator("tr[data-login=olga]")).to_contain_text("invited")
    axe(admin)

    # The invitation speaks the language of the browser; a bad password is told why.
    page = new_page(locale="ru-RU", expected="400", width=390)
    page.goto(link)
    expect(page.get_by_test_id("welcome")).to_contain_text("Добро пожаловать")
    axe(page)
    picture(page, "console-welcome-ru")
    page.get_by_test_id("welcome-name").fill("Ольга")
    page.get_by_test_id("welcome-password").fill("password1234")
    page.get_by_test_id("welcome-submit").click()
    expect(page.get_by_test_id("welcome-error")).to_contain_text("утёк")
    page.get_by_test_id("welcome-password").fill("семь бурых цапель")
    page.get_by_test_id("welcome-submit").click()
    expect(page.locator("body")).to_have_attribute("data-connection", "online")

    page.goto("/console#/me")
    page.get_by_test_id("factor-password").fill("семь бурых цапель")
    page.get_by_test_id("factor-begin").click()
    secret = page.get_by_test_id("factor-secret").text_content().replace(" ", "")
    axe(page)
    page.get_by_test_id("factor-code").fill(pyotp.TOTP(secret).now())
    page.get_by_test_id("factor-submit").click()
    shown = page.get_by_test_id("recovery-codes").locator("li")
    expect(shown).to_have_count(10)
    codes = shown.all_text_contents()
    assert len(set(codes)) == 10
    page.get_by_test_id("recovery-done").click()
    expect(page.get_by_test_id("factor-on")).to_contain_text("10")
    axe(page)
    picture(page, "console-me-ru")

    # Elsewhere: the password alone is not enough; a recovery code stands in for the app.
    other = new_page(dark=True, expected="403")
    sign_in(other, "olga", "семь бурых цапель")
    expect(other.get_by_test_id("second-step")).to_be_visible()
    axe(other)
    picture(other, "console-second-step-dark")
    other.get_by_test_id("factor-code").fill("not-a-code")
    other.get_by_test_id("factor-submit").click()
    expect(other.get_by_role("alert")).to_contain_text("not right")
    other.get_by_test_id("factor-code").fill(codes[0])
    other.get_by_test_id("factor-submit").click()
    expect(other.locator("body")).to_have_attribute("data-connection", "online")

    # The admin ends her sessions: both are out at once.
    admin.get_by_test_id("team-search").fill("Ольга")
    admin.locator("tr[data-login=olga] a").click()
    expect(admin.get_by_test_id("sessions").locator("tbody tr")).to_have_count(2)
    expect(admin.get_by_test_id("sessions")).to_contain_text("Chrome · Linux")
    axe(admin)
    picture(admin, "console-person")
    admin.get_by_test_id("account-capacity").fill("7")
    admin.get_by_test_id("person-save").click()
    admin.get_by_test_id("end-others").click()
    for out in (page, other):
        expect(out.get_by_test_id("signin-form")).to_be_visible()

    admin.goto("/console#/team/audit")
    table = admin.get_by_test_id("audit-table")
    expect(table).to_contain_text("second_factor.set")
    admin.get_by_test_id("audit-action").select_option("account")
    expect(table.locator("tbody tr").first).to_contain_text("account.updated")
    axe(admin)
    picture(admin, "console-audit")
    with admin.expect_download() as download:
        admin.get_by_test_id("audit-csv").click()
    assert download.value.suggested_filename == "baton-audit.csv"


def test_a_used_link_says_so_and_supervisors_see_less(agent, new_page, axe):
    page = new_page(expected="404")
    page.goto(f"/console#/welcome/{'x' * 43}")
    expect(page.get_by_test_id("welcome-gone")).to_contain_text("ask an admin")
    axe(page)

    sue = agent(role="supervisor", name="Sue", presence="offline")
    sue.goto("/console#/team")
    expect(sue.get_by_test_id("team-table")).to_contain_text("Sue")
    expect(sue.get_by_test_id("team-invite")).to_have_count(0)
    axe(sue)
