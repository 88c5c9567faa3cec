"""What a customer in line sees: how long it takes, and a question about another language."""

import http.client
import json
import re
from urllib.parse import urlsplit

import pytest
import redis
from playwright.sync_api import expect

from handoff_service.store.keys import Keys
from tests.browser.test_widget import frame_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def talks_before(service, redis_server):
    """Let the desk have had twenty talks of four to twenty-three minutes."""
    connection = http.client.HTTPConnection(urlsplit(service.url).netloc, timeout=5)
    headers = {"Authorization": f"Bearer {service.secret}"}
    connection.request("GET", "/internal/status", headers=headers)
    desk = json.loads(connection.getresponse().read())["desk"]
    connection.close()
    talks = [json.dumps([f"t{n}:9", "en", None, 4_000, n * 60_000]) for n in range(4, 24)]
    with redis.Redis.from_url(redis_server.url) as client:
        client.zadd(Keys(desk).handled, dict.fromkeys(talks, 1))


def test_another_language_is_asked_about_and_the_wait_is_told(
    customer,
    agent,
    talks_before,
    axe,
    picture,
):
    desk = agent(languages=("en",), capacity=1)
    korean_page, korean = customer("ko", width=375, height=667)
    korean.get_by_test_id("talk-to-person").click()

    asked = korean.locator('[data-testid="notice"][data-type="handoff.consent_asked"]')
    expect(asked).to_contain_text("영어로")
    expect(korean.get_by_test_id("leave-form")).to_be_hidden()
    answers = korean.get_by_test_id("quick-reply")
    expect(answers).to_have_text(["네, 괜찮습니다", "아니요, 기다리겠습니다"])
    axe(frame_of(korean_page))
    picture(korean_page, "widget-another-language")
    answers.first.click()
    expect(answers.first).to_be_hidden()
    expect(desk.get_by_test_id("offer-card")).to_have_count(1)
    desk.get_by_test_id("offer-accept").click()
    expect(korean.locator("body")).to_have_attribute("data-state", "assigned")

    english_page, english = customer("en", width=375, height=667, dark=True)
    english.get_by_test_id("talk-to-person").click()

    expect(english.get_by_test_id("waiting-time")).to_have_text(
        re.compile(r"^Estimated wait: (up to )?\d+(–\d+)? min\.$")
    )
    axe(frame_of(english_page))
    picture(english_page, "widget-wait")
