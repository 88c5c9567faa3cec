"""What an agent's words must hold to count as an answer."""

import pytest

from learning.collecting.substance import has_substance


@pytest.mark.parametrize(
    "text",
    [
        "Hi Kim, open Settings and tap Reset password.",
        "Здравствуйте! Откройте «Настройки» и нажмите «Сбросить пароль».",
        "您好，请打开设置，点击“重置密码”。",
        "您好，請開啟設定，點選「重設密碼」。",
        "안녕하세요, 설정에서 비밀번호 재설정을 눌러 주세요.",
        "Your refund is on its way. Is there anything else?",
    ],
)
def test_an_answer_says_something(text):
    assert has_substance(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hello, my name is Ann. How can I help you today?",
        "One moment please, I'll check that for you.",
        "Здравствуйте! Меня зовут Анна, чем могу помочь?",
        "Одну минуту, сейчас проверю информацию по заказу.",
        "您好，很高兴为您服务，请问有什么可以帮您？",
        "請稍等，我幫您查一下訂單的狀況。",
        "안녕하세요, 상담사 김민지입니다. 무엇을 도와드릴까요?",
        "잠시만 기다려 주시면 확인해 보겠습니다.",
        "Which version do you have installed on the hub?",
        "ok",
        "",
    ],
)
def test_courtesies_and_questions_say_nothing(text):
    assert not has_substance(text)
