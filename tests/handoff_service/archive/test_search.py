"""Search over what was said: in each language twenty searches, what they find and what not."""

import pytest

from handoff_service.archive.accounts import Account, Role
from handoff_service.archive.history import record
from handoff_service.archive.inbox import Wanted, list_inbox
from handoff_service.search.query import Query, parse_query
from tests.handoff_service.archive.talks import T0, Talk

SOFIA = Account("a_9", "sofia", "Sofia", Role.SUPERVISOR, ("en",), 4)

#: Conversation → what was said in it, message by message.
SAID = {
    "en1": ["My refund for order B-2040 has not arrived.", "It was promised last Friday."],
    "en2": ["The hub restarts every night", "We are refunding you today, Ann."],
    "en3": ["Where can I change my café's delivery address?", "Late delivery again"],
    "hans1": ["我想申请退款，订单编号是 B-2040。", "上周五就说会到账"],
    "hans2": ["路由器每天晚上都会重启", "请先更新固件到 2.4 版本"],
    "hans3": ["怎么修改收货地址？", "快递又迟到了"],
    "hant1": ["我想申請退款，訂單編號是 B-3050。", "上週五就說會入帳"],
    "hant2": ["路由器每天晚上都會重新啟動", "請先更新韌體"],
    "hant3": ["要怎麼修改收件地址？", "包裹又遲到了"],
    "ru1": ["Возврат за заказ Б-2040 так и не пришёл.", "Обещали в прошлую пятницу"],
    "ru2": ["Хаб перезагружается каждую ночь", "Обновите прошивку до версии 2.4"],
    "ru3": ["Как изменить адрес доставки?", "Ещё раз опоздали с доставкой"],
    "ko1": ["주문 B-2040 환불을 요청했는데 아직 안 들어왔어요.", "지난 금요일에 된다고 했어요"],
    "ko2": ["허브가 매일 밤 재시작돼요", "펌웨어를 2.4 버전으로 업데이트해 주세요"],
    "ko3": ["배송 주소를 어떻게 바꾸나요?", "또 배송지연이네요"],
}  # fmt: skip

#: What is typed, and what it finds among the conversations of its language and all others.
CASES = {
    "en": [
        ("refund", "en1 en2"), ("Refunds", "en1 en2"), ("REFUNDED", "en1 en2"),
        ("order b-2040", "en1"), ('"b 2040"', "en1 hans1 ko1"), ("2040", "en1 hans1 ru1 ko1"),
        ("cafe", "en3"), ("Café", "en3"), ('"late delivery"', "en3"), ('"delivery late"', ""),
        ("delivery late", "en3"), ("refund -hub", "en1"), ("refund friday", "en1"),
        ("restart night", "en2"), ("resta*", "en2"), ("rest", ""), ("fund", ""),
        ('"last friday"', "en1"), ("address café", "en3"), ("hub address", ""),
    ],
    "zh-Hans": [
        ("退款", "hans1 hant1"), ("申请退款", "hans1 hant1"), ("申請退款", "hans1 hant1"),
        ("退", "hans1 hant1"), ("款申", ""), ("退款申请", ""), ("订单", "hans1 hant1"),
        ("订单编号", "hans1 hant1"), ("编号订单", ""), ("重启", "hans2"), ("固件", "hans2"),
        ("路由器", "hans2 hant2"), ("地址", "hans3 hant3"), ("修改 地址", "hans3 hant3"),
        ("收货地址", "hans3"), ("迟到", "hans3 hant3"), ("退款 B-2040", "hans1"),
        ("退款 -订单", ""), ('"更新固件"', "hans2"), ("址", "hans3 hant3"),
    ],
    "zh-Hant": [
        ("申請退款", "hans1 hant1"), ("訂單", "hans1 hant1"), ("訂單 3050", "hant1"),
        ("韌體", "hant2"), ("固件", "hans2"), ("重新啟動", "hant2"), ("重新启动", "hant2"),
        ("收件地址", "hant3"), ("遲到", "hans3 hant3"), ("包裹", "hant3"), ("裹包", ""),
        ("入帳", "hant1"), ("上週五", "hans1 hant1"), ("上周五", "hans1 hant1"),
        ("晚上都會", "hans2 hant2"),
        ("裹", "hant3"), ("帳", "hant1"), ('"請先更新"', "hans2 hant2"), ("更新請先", ""),
        ("請先 -韌體", "hans2"),
    ],
    "ru": [
        ("возврат", "ru1"), ("возврата", "ru1"), ("ВОЗВРАТЫ", "ru1"), ("заказ", "ru1"),
        ("пришел", "ru1"), ("пришёл", "ru1"), ("еще", "ru3"), ("Ещё", "ru3"),
        ("доставка", "ru3"), ("доставку", "ru3"), ('"адрес доставки"', "ru3"),
        ('"доставки адрес"', ""), ("прошивка", "ru2"), ("прошив*", "ru2"), ("шивк", ""),
        ("ночь", "ru2"), ("заказ 2040", "ru1"), ("доставка -адрес", ""),
        ("обещали пятница", "ru1"), ("возврат прошивка", ""),
    ],
    "ko": [
        ("환불", "ko1"), ("환불을", "ko1"), ("환불이", ""), ("배송", "ko3"), ("배송지연", "ko3"),
        ("배송 지연", "ko3"), ('"배송 지연"', "ko3"), ("배송주소", "ko3"), ("배송 주소", "ko3"),
        ("주소배송", ""), ("펌웨어", "ko2"), ("업데이트", "ko2"), ("재시작", "ko2"),
        ("주문 2040", "ko1"), ("금요일", "ko1"), ("허", "ko2"), ("배송 -주소", ""),
        ("허브 재시작", "ko2"), ("허브 환불", ""), ("웨어", "ko2"),
    ],
}  # fmt: skip


@pytest.fixture
async def history(database):
    for name, texts in SAID.items():
        talk = Talk(name).add("conversation.started", customer_id=f"u_{name}", locale="en")
        for text in texts:
            talk.said("customer", text)
        await record(database, talk.events)
    return database


async def found_by(history, text):
    page = await list_inbox(history, SOFIA, Wanted(query=parse_query(text)), after=None, limit=200)
    return page.rows


@pytest.mark.parametrize("language", CASES)
async def test_searches_find_what_they_should_and_nothing_else(history, language):
    assert len(CASES[language]) == 20
    wrong = {}
    for text, expected in CASES[language]:
        rows = await found_by(history, text)
        names = {row.conversation_id for row in rows}
        if names != set(expected.split()):
            wrong[text] = (names, expected)
        assert all(any(piece.hit for piece in row.snippet) for row in rows), text

    assert wrong == {}


async def test_a_customer_is_found_by_name_and_address(history):
    talk = Talk("who", T0).add("conversation.started", customer_id="u", locale="en")
    talk.add("customer.identified", customer_id="42", name="Kim Minji", email="mk@example.com")
    talk.said("customer", "Is Ann there?")
    await record(history, talk.events)

    names = {
        text: [row.conversation_id for row in await found_by(history, text)]
        for text in ("from:minji", 'from:"kim min"', "from:mk@example.com", "Minji", "from:ann")
    }

    assert names == {
        "from:minji": ["who"], 'from:"kim min"': ["who"], "from:mk@example.com": ["who"],
        "Minji": ["who"], "from:ann": [],
    }  # fmt: skip


async def test_no_text_can_break_out_of_its_query(history):
    for text in ("' OR 1=1", "a'b", 'NEAR("a")', "terms:a", "a:*", "NOT", "AND OR", "^a", "{a}"):
        query = parse_query(text)
        page = await list_inbox(
            history, SOFIA, Wanted(query=Query(query.clauses)), after=None, limit=5
        )
        assert len(page.rows) <= len(SAID)
