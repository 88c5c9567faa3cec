"""The words of texts in five languages."""

import pytest

from kb_index.analyzers import analyze, fold_han
from kb_index.locales import guess_locale


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Error E-417!", ["error", "e417"]),
        ("e417", ["e417"]),
        ("update to v2.3.1 now", ["updat", "to", "2.3.1", "now"]),
        ("HV-H2, HV-482913", ["hvh2", "hv482913"]),
        ("2.4 GHz, WPA2", ["2.4", "ghz", "wpa2"]),
        ("Ｗｉ－Ｆｉ", ["wi", "fi"]),  # full width
        ("resetting passwords", ["reset", "password"]),
        ("пароли паролей", ["парол", "парол"]),
        ("ещё", ["ещ"]),
        ("密码", ["密", "码", "密码"]),
        ("2月", ["2", "月"]),  # digits do not swallow the character behind them
        ("错误E-104怎么办", [*"错误", "错误", "e104", "怎么", "么办"]),
        ("비밀번호를", ["비", "밀", "번", "호", "를", "비밀", "밀번", "번호", "호를", "비밀번호"]),
        ("Wi-Fi에서", ["wi", "fi", "에", "서", "에서"]),
        ("", []),
        ("🙂 …!", []),
    ],
)
def test_the_words_of_a_text(text, words):
    assert analyze(text) == words


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("忘記密碼", "忘记密码"),
        ("帳戶", "账户"),
        ("退貨與退款", "退货与退款"),
        ("網路設定", "网络设定"),
    ],
)
def test_traditional_and_simplified_characters_meet(traditional, simplified):
    if traditional == "網路設定":
        assert fold_han(traditional) == "网路设定"  # characters, not vocabulary
    else:
        assert analyze(traditional) == analyze(simplified)


@pytest.mark.parametrize("particle", ["를", "가", "는", "에서", "으로"])
def test_a_korean_word_is_found_with_any_particle(particle):
    assert "네트워크" in analyze("네트워크" + particle)


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("How do I reset my password?", "en"),
        ("Как сбросить пароль от Havelo Cloud?", "ru"),
        ("Wi-Fi 비밀번호를 잊었어요", "ko"),
        ("如何重置我的密码", "zh-Hans"),
        ("要怎麼重設我的密碼", "zh-Hant"),
        ("", "en"),
    ],
)
def test_the_locale_is_guessed_from_the_script(text, locale):
    assert guess_locale(text) == locale
