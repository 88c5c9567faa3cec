"""Which language a message is in, and when a short one changes nothing."""

import pytest

from bot.components.languages import identify


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How do I reset my password?", "en"),
        ("怎么重置密码", "zh-Hans"),
        ("我忘記密碼了", "zh-Hant"),
        ("如何重設 Wi-Fi 密碼？", "zh-Hant"),
        ("hub 离线了", "zh-Hans"),
        ("Hub 2 一直重新啟動，錯誤 E-417", "zh-Hant"),
        ("как сбросить пароль", "ru"),
        ("мой Hub 2 не в сети, E-101", "ru"),
        ("비밀번호를 잊어버렸어요", "ko"),
        ("Havelo Cam 영상은 어디에 저장되나요?", "ko"),
        ("네", "ko"),
        ("да", "ru"),
        ("谢谢", "zh-Hans"),
        ("謝謝", "zh-Hant"),
        ("I want a person", "en"),
    ],
)
@pytest.mark.parametrize("fallback", [None, "en", "ko", "zh-Hans", "zh-Hant"])
def test_a_clear_text_tells_its_language_whatever_came_before(text, expected, fallback):
    assert identify(text, fallback) == expected


@pytest.mark.parametrize(
    "text", ["OK", "ok!", "E-417", "Hub 2", "Hub Mini", "👍", "123", "", "...", "hello",
             "me@example.com", "https://www.havelo.example/a", "v2.3.1", "HV-482913"],
)  # fmt: skip
@pytest.mark.parametrize("fallback", ["en", "zh-Hans", "zh-Hant", "ru", "ko"])
def test_a_short_or_neutral_text_keeps_the_conversations_language(text, fallback):
    assert identify(text, fallback) == fallback


@pytest.mark.parametrize("fallback", ["zh-Hans", "zh-Hant"])
def test_chinese_common_to_both_scripts_keeps_the_kind_in_use(fallback):
    assert identify("你好", fallback) == fallback


def test_chinese_common_to_both_scripts_is_simplified_when_nothing_is_known():
    assert identify("你好", None) == identify("你好", "ru") == "zh-Hans"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("이 오류가 떠요: Traceback (most recent call last): line 12 in main", "ko"),
        ("не работает: Connection refused by remote host", "ru"),
        ("what does 固件 mean in the settings menu", "en"),
    ],
)
def test_quoted_foreign_words_do_not_decide(text, expected):
    assert identify(text, None) == expected


@pytest.mark.parametrize("unknown", ["fr", "", None, "zh"])
def test_an_unknown_locale_falls_back_to_english(unknown):
    assert identify("OK", unknown) == "en"


def test_japanese_keeps_the_conversations_language():
    assert identify("パスワードを忘れました", "ko") == "ko"
