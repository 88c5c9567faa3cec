"""PDF, Word and Markdown files, as other programs write them, become articles."""

import json
from pathlib import Path

FILES = Path(__file__).parents[2] / "fixtures" / "sources"

CAMERA = """如果摄像头没有反应，请先断开电源，等待十秒，然后重新接通电源。\
这样不会删除任何录像，因为录像保存在云端，重置只会清除摄像头上的网络设置和名称。

## 操作步骤

1. 按住底部的按钮五秒钟。

2. 等待指示灯变成蓝色并开始闪烁，这大约需要三十秒，在此期间请不要断开电源，也不要再次按下按钮。

3. 在应用中重新添加摄像头。

## 指示灯

| 颜色 | 含义 |
| --- | --- |
| 蓝色 | 正在配对 |
| 红色 | 没有网络 E-417 |

第二页的内容：请勿在雨中使用。

第三页的内容：请联系我们。"""

LAMP = """## Before you begin

The lamp needs a hub with firmware v2.3.1 or later. Keep the packaging until you know that \
everything works, because returns need the original box and every cable that came with it in that \
box.

## Pair the lamp

- Screw the lamp in.

- Switch it off and on three times.

- Wait until it blinks green.

The second column tells what the blinking means: green is pairing, red is error E-417, which means \
that the hub cannot be reached from where the lamp now is.

## Care

Wipe it with a dry cloth."""

HUB = """Подключите хаб к роутеру кабелем. Подробнее: [тарифы](https://help.example.com/ru/plans)

## Шаги

1. Откройте приложение.
2. Нажмите «Добавить хаб».
   - Кнопка внизу экрана.
3. Дождитесь синего света.

## Коды ошибок

|  |  |  |
| --- | --- | --- |
| Код | Часть | Значение |
| E-410 | хаб | Часы сбились |
| E-417 | хаб | Нет связи |

Хаб с синим огоньком"""


def test_a_pdf_keeps_headings_lists_and_tables_without_page_furniture(read):
    article = read(FILES / "reset-camera.zh-Hans.pdf").articles[0]

    assert article.body == CAMERA
    assert (article.title, article.locale) == ("重置摄像头", "zh-Hans")
    assert article.updated == "2026-11-22"
    assert article.id == "reset-camera-zh-hans"


def test_the_columns_of_a_pdf_are_read_one_after_the_other(read):
    article = read(FILES / "manual.en.pdf").articles[0]

    assert article.body == LAMP
    assert (article.title, article.locale) == ("Havelo Lamp manual", "en")


def test_a_word_document_keeps_lists_tables_links_and_pictures_in_words(read):
    article = read(FILES / "hub.ru.docx").articles[0]

    assert article.body == HUB
    assert (article.title, article.locale) == ("Настройка хаба Havelo", "ru")
    assert article.updated == "2026-05-04"


def test_a_markdown_file_needs_no_front_matter(read, folder):
    folder(
        "공지.md", "# 공지 사항\n\n허브를 [연결](guide.md)하세요.\n\n### 단계\n\n1. 앱을 엽니다.\n"
    )
    folder(
        "guide.md", "---\ntitle: 안내서\nlocale: ko\nupdated: 2026-02-03\ntags: [a]\n---\n켜세요.\n"
    )

    guide, notice = read(folder.path).articles

    assert (guide.title, guide.updated, guide.tags) == ("안내서", "2026-02-03", ("a",))
    assert (notice.title, notice.locale) == ("공지 사항", "ko")
    assert notice.body == "허브를 [연결](guide)하세요.\n\n## 단계\n\n1. 앱을 엽니다."


def test_a_file_that_did_not_change_is_not_converted_again(read, tmp_path):
    read(FILES / "hub.ru.docx")
    (kept,) = (tmp_path / "cache" / "converted").rglob("*.json")
    kept.write_text(json.dumps({**json.loads(kept.read_text()), "title": "As it was kept"}))

    assert read(FILES / "hub.ru.docx").articles[0].title == "As it was kept"


def test_a_file_that_was_kept_damaged_is_converted_again(read, tmp_path):
    first = read(FILES / "hub.ru.docx").articles
    kept = list((tmp_path / "cache" / "converted").rglob("*.json"))
    kept[0].write_text("{")

    assert len(kept) == 1
    assert read(FILES / "hub.ru.docx").articles == first
