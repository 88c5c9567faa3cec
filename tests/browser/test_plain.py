"""The form for browsers without JavaScript, in a browser without JavaScript."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_who_has_no_javascript_asks_and_is_answered(new_page, axe, picture):
    page = new_page(java_script_enabled=False)
    page.goto("/widget/frame")
    with page.context.expect_page() as opened:
        page.get_by_role("link").click()
    form = opened.value
    form.get_by_label("Your message").fill("How do I reset my password?")
    form.get_by_role("button", name="Send").click()

    expect(form.get_by_role("link", name="Reset your password")).to_be_visible()
    assert form.evaluate("document.scripts.length") == 0
    picture(form, "plain-answer")

    form.get_by_role("button", name="Talk to a person").last.click()
    expect(form.get_by_role("status")).to_be_visible()
    for locale in ("en", "zh-Hans", "zh-Hant", "ru", "ko"):
        for dark in (False, True):
            looked_at = new_page(dark=dark, width=320)
            looked_at.context.add_cookies(page.context.cookies())
            looked_at.goto(f"/widget/plain?locale={locale}")
            axe(looked_at)
            wide = "document.documentElement.scrollWidth > innerWidth"
            assert not looked_at.evaluate(wide), "nothing to scroll sideways for"
            picture(looked_at, f"plain-{locale}-{'dark' if dark else 'light'}")
            looked_at.context.close()
