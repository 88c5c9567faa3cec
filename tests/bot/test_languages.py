"""Which language a message is in, and when a short one changes nothing."""

from pathlib import Path

import pytest
import yaml

from bot.components.languages import identify, is_other_language


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the grammar of one language around words of another
        ("what does 恢复出厂设置 mean in the menu", "en"),
        ("the manual says «Сброс настроек», where is that?", "en"),
        ("хаб пишет Device not responding, please try again", "ru"),
        ("앱에서 Unable to connect to the server 라고 나와요", "ko"),
        ("我的 hub 一直 offline，怎么 reset", "zh-Hans"),
        ("我的 hub 一直 offline，怎麼 reset", "zh-Hant"),
        ("refund 언제 돼요", "ko"),
        ("камера offline уже час", "ru"),
        # machine-made lines
        ("죽었어요\nERROR 2024-05-01 refused by the remote host\nat app.start(main.js)", "ko"),
        ("не запускается\nValueError: could not convert the string to a float", "ru"),
        # spelt out in Latin letters
        ("ne rabotaet kamera, chto delat", "ru"),
        ("zdravstvuyte, gde moi zakaz", "ru"),
        ("wo de mima wangle zenme ban", "zh-Hans"),
        # jamo, slang, dialect
        ("ㅠㅠ", "ko"),
        ("ㅇㅇ", "ko"),
        ("唔該，我部機開唔到", "zh-Hant"),
        ("佢成日斷線", "zh-Hant"),
        ("在设置里找不到，台式机后面", "zh-Hans"),
        ("後台在哪裡", "zh-Hant"),
        ("由于网络", "zh-Hans"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("fallback", [None, "en", "ru"])
def test_mixed_and_unusual_writing(text, expected, fallback):
    assert identify(text, fallback) == expected


@pytest.mark.parametrize(
    "text",
    ["thx", "thank you", "ok thanks", "yes please", "good morning", "Samsung Galaxy", "lol",
     "#123456", "ERROR: the device is not connected to the network", "??", "🙏🙏", "5 000"],
)  # fmt: skip
@pytest.mark.parametrize("fallback", ["zh-Hans", "zh-Hant", "ru", "ko"])
def test_courtesy_and_quoted_machines_keep_the_conversations_language(text, fallback):
    assert identify(text, fallback) == fallback


#: Three to ten characters, as people type on a phone.
SHORT = {
    "zh-Hans": "怎么退款 连不上 订单没到 换电池 网络断了 打不开 摄像头黑屏 "
    "太慢了 转人工 重启后还坏 收费错了 没声音 在哪里买 哪个号码 请帮我 账单不对 "
    "忘记密码 取消订阅 设备离线 插座坏了",
    "zh-Hant": "怎麼退款 連不上 訂單沒到 換電池 網路斷了 打不開 攝影機黑屏 "
    "太慢囉 轉真人 重開後還壞 收費錯了 沒聲音 在哪裡買 哪個號碼 請幫我 帳單不對 "
    "忘記密碼 取消訂閱 裝置離線 插座壞了",
    "ru": "где заказ нет связи вернуть деньги не вижу камеру сколько ждать отмена",
    "ko": "환불 언제 안 돼요 주문 취소 상담원 비번 잊음 왜 느려요",
}


@pytest.mark.parametrize("fallback", ["en", "zh-Hans", "zh-Hant", "ru", "ko"])
@pytest.mark.parametrize("locale", SHORT)
def test_short_pieces(locale, fallback):
    texts = SHORT[locale].split()
    right = [identify(text, fallback) == locale for text in texts]

    assert sum(right) / len(texts) >= 0.9, dict(zip(texts, right, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "¿Cómo puedo restablecer mi contraseña?",
        "hola, necesito ayuda con mi pedido",
        "Wo ist meine Bestellung?",
        "ich möchte mein Geld zurück",
        "je n'arrive pas à connecter la caméra",
        "où est ma commande",
        "vorrei annullare il mio ordine",
        "não consigo conectar a câmera",
        "gdzie jest moje zamówienie",
        "şifremi nasıl sıfırlarım",
        "làm thế nào để đặt lại mật khẩu",
        "мій хаб не працює, що робити",
        "パスワードを忘れました",
        "كيف أعيد تعيين كلمة المرور",
        "ลืมรหัสผ่าน",
        "ξέχασα τον κωδικό μου",
    ],
)
@pytest.mark.parametrize("fallback", ["en", "zh-Hant", "ru", "ko"])
def test_a_language_nobody_speaks_keeps_the_conversations_and_is_noticed(text, fallback):
    assert is_other_language(text)
    assert identify(text, fallback) == fallback


def test_no_training_phrase_passes_for_a_foreign_language():
    entries = [
        entry
        for file in (Path(__file__).resolve().parents[2] / "data" / "nlu").glob("*.yml")
        for entry in yaml.safe_load(file.read_text("utf-8"))["nlu"]
    ]
    phrases = [line[2:] for entry in entries for line in entry["examples"].splitlines()]

    assert len(phrases) > 3000
    assert [phrase for phrase in phrases if is_other_language(phrase)] == []
