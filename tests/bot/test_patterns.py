"""Versions, codes, numbers and addresses as customers write them in five languages."""

import pytest

from bot.components.patterns import Patterns
from bot.components.product_file import read_products

PATTERNS = Patterns(read_products())


def values(text):
    return [(item.entity, item.value) for item in PATTERNS.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("error E-417 on my hub", [("error_code", "E-417"), ("product", "Hub")]),
        ("e417", [("error_code", "E-417")]),
        ("хаб мини, Е-203", [("product", "Hub Mini"), ("error_code", "E-203")]),  # Cyrillic Е
        ("中樞 2 出現錯誤E-101", [("product", "Hub 2"), ("error_code", "E-101")]),
        ("미니 허브 펌웨어 v1.8.4", [("product", "Hub Mini"), ("version", "v1.8.4")]),
        ("Hub 2 with 2.3.1", [("product", "Hub 2"), ("version", "v2.3.1")]),
        ("HV-H2 or HV-HM1", [("product", "Hub 2"), ("product", "Hub Mini")]),
        ("order HV-482913", [("order_number", "HV-482913")]),
        ("датчик не отвечает", [("product", "Havelo Sense")]),
        ("摄像头和插座", [("product", "Havelo Cam"), ("product", "Havelo Plug")]),
        # endings and particles
        ("карта из камеры, два хаба", [("product", "Havelo Cam"), ("product", "Hub")]),
        ("розетками", [("product", "Havelo Plug")]),
        ("카메라가 꺼져요", [("product", "Havelo Cam")]),
        ("HUB-2가 안 돼요", [("product", "Hub 2")]),
        ("my hub 2 days ago", [("product", "Hub")]),
        ("Hub 2.3.1", [("product", "Hub"), ("version", "v2.3.1")]),
    ],
)
def test_products_and_the_companys_own_codes(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Ｅ－４１７", "E-417"),  # full-width
        ("E-417이 떠요", "E-417"),
        ("ошибка 417", "E-417"),
        ("오류 417", "E-417"),
        ("错误代码 1001", "1001"),
        ("код ошибки: 12", "12"),
        ("it says 0x80070005", "0x80070005"),
        ("错误0x80070005", "0x80070005"),
        ("net::ERR_CONNECTION_REFUSED", "ERR_CONNECTION_REFUSED"),
        ("connect ECONNREFUSED", "ECONNREFUSED"),
        ("Code 43", "Code 43"),
        ("코드 35", "코드 35"),
        ("HTTP 502", "HTTP 502"),
        ("status code 503", "HTTP 503"),
        ("connect ETIMEDOUT 10.0.0.1, code=E-301", "E-301"),  # a log: our own code says more
    ],
)
def test_error_codes(text, value):
    assert values(text) == [("error_code", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("HV-482913", "HV-482913"), ("hv482913", "HV-482913"), ("#123456", "123456"),
        ("order number is 482913", "482913"), ("заказ № 482913", "482913"),
        ("заказа 482913", "482913"), ("订单号：482913", "482913"), ("訂單編號 482913", "482913"),
        ("주문번호 482913", "482913"), ("주문번호는 HV-482913이에요", "HV-482913"),
    ],
)  # fmt: skip
def test_order_numbers(text, value):
    assert values(text) == [("order_number", value)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to me@shop.example.com", ("email", "me@shop.example.com")),
        ("me@shop.example으로 연락 주세요", ("email", "me@shop.example")),
        ("+7 (912) 345-67-89", ("phone", "+79123456789")),
        ("8 912 345 67 89", ("phone", "89123456789")),
        ("010-1234-5678로 전화 주세요", ("phone", "01012345678")),
        ("我的手机13812345678", ("phone", "13812345678")),
        ("0912-345-678", ("phone", "0912345678")),
        ("(415) 555-0132", ("phone", "4155550132")),
        ("firmware 2.3", ("version", "v2.3")),
        ("прошивка 2.3.1", ("version", "v2.3.1")),
        ("버전 1.8", ("version", "v1.8")),
    ],
)
def test_addresses_phones_and_versions(text, expected):
    assert values(text) == [expected]


@pytest.mark.parametrize(
    "text",
    ["it costs €4.99", "E-1042", "the E-12 bus", "hello", "", "👍", "unplugged", "iOS 17.4",
     "error 2 times", "error 5 minutes ago", "my code 123456", "192.168.0.1", "2024-05-01",
     "I have 3 of them", "10:30", "e-mail 417"],
)  # fmt: skip
def test_what_is_not_an_entity(text):
    assert values(text) == []


def test_offsets_point_into_the_text():
    text = "我的 Hub Mini 報錯 Ｅ-104，版本 v1.8.4"

    assert [text[i.start : i.end] for i in PATTERNS.find(text)] == ["Hub Mini", "Ｅ-104", "v1.8.4"]


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (("Hub 2 – Havelo", ""), {"page_product": "Hub 2"}),
        (("Support", "https://havelo.example/firmware-2.3.1/hub-mini"),
         {"page_product": "Hub Mini", "page_version": "v2.3.1"}),
        (("All about the hub", "https://havelo.example/hub-2"), {"page_product": "Hub 2"}),
        (("Помощь по хабу", ""), {"page_product": "Hub"}),
        (("About us", "https://havelo.example/"), {}),
        (("", ""), {}),
    ],
)  # fmt: skip
def test_the_page_tells_the_product(page, expected):
    found = PATTERNS.find_on_page(*page)

    assert {item.entity: item.value for item in found} == expected
