"""Articles in another script than the question."""

import numpy as np
import pytest

from kb_index.scripts import expect_words, script_shares

ENGLISH = "Open the settings of the hub and choose the network that you want."
RUSSIAN = "Откройте настройки хаба и выберите сеть, к которой хотите подключиться."
CHINESE = (
    "打开中枢的设置，选择您要连接的网络，然后输入密码并确认，"
    "等待指示灯变成白色为止，再关闭应用程序，最后重新启动中枢设备。"
)


def test_shares_say_in_which_script_a_text_is_written():
    assert script_shares(ENGLISH) == pytest.approx([1, 0, 0])
    assert script_shares(RUSSIAN) == pytest.approx([0, 1, 0])
    assert script_shares(CHINESE) == pytest.approx([0, 0, 1])


def test_a_few_letters_are_no_language():
    assert script_shares("OK, Wi-Fi 2.4 GHz").sum() == 0


def weigh(question, texts, *, words, meaning):
    return expect_words(
        np.array(words, np.float32),
        question=question,
        shares=np.stack([script_shares(text) for text in texts]),
        meaning=np.array(meaning, np.float32),
    )


def test_an_untranslated_article_gets_the_words_that_near_translated_ones_have():
    found = weigh(
        "Как сменить сеть?",
        [ENGLISH, RUSSIAN, RUSSIAN],
        words=[0.0, 0.2, 0.4],
        meaning=[0.5, 0.4, 0.3],
    )

    assert found == pytest.approx([0.3, 0.2, 0.4])


def test_what_an_article_has_of_its_own_is_not_taken_away():
    found = weigh("Как сменить Wi-Fi?", [ENGLISH, RUSSIAN], words=[0.6, 0.2], meaning=[0.5, 0.4])

    assert found == pytest.approx([0.6, 0.2])


@pytest.mark.parametrize("texts", [[RUSSIAN, RUSSIAN], [ENGLISH, ENGLISH]])
def test_among_articles_of_one_script_nothing_changes(texts):
    found = weigh("Как сменить сеть?", texts, words=[0.1, 0.2], meaning=[0.5, 0.4])

    assert found == pytest.approx([0.1, 0.2])


def test_short_articles_count_as_the_questions_own():
    found = weigh("Как сменить сеть?", ["OK", RUSSIAN], words=[0.0, 0.2], meaning=[0.5, 0.4])

    assert found == pytest.approx([0.0, 0.2])
