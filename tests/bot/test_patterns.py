"""Products, versions, codes and addresses as customers write them in five languages."""

import pytest

from bot.components.patterns import find


def values(text):
    return [(item.entity, item.value) for item in find(text)]


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
        ("write to me@shop.example.com", [("email", "me@shop.example.com")]),
        ("датчик не отвечает", [("product", "Havelo Sense")]),
        ("摄像头和插座", [("product", "Havelo Cam"), ("product", "Havelo Plug")]),
        ("카메라가 꺼져요", [("product", "Havelo Cam")]),
    ],
)
def test_what_is_found(text, expected):
    assert values(text) == expected


@pytest.mark.parametrize("text", ["it costs €4.99", "E-1042", "the E-12 bus", "hello", "", "👍"])
def test_what_is_not_an_entity(text):
    assert values(text) == []


def test_offsets_point_into_the_text():
    text = "我的 Hub Mini 報錯 E-104，版本 v1.8.4"

    assert [text[i.start : i.end] for i in find(text)] == ["Hub Mini", "E-104", "v1.8.4"]
