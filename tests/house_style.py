"""What a careful editor marks in a text for customers: script, register, punctuation, length."""

import re
from functools import cache

from opencc import OpenCC

LOCALES = ("en", "zh-Hans", "zh-Hant", "ru", "ko")
PLACEHOLDER = re.compile(r"{(\w+)}")
#: Letters that a text of a locale must show.
_LETTERS = {
    "en": r"[A-Za-z]", "zh-Hans": r"[\u4e00-\u9fff]", "zh-Hant": r"[\u4e00-\u9fff]",
    "ru": r"[А-Яа-яЁё]", "ko": r"[\uac00-\ud7a3]",
}  # fmt: skip
#: Longest text that still reads as one chat bubble (characters).
_LONGEST = {"en": 300, "zh-Hans": 130, "zh-Hant": 130, "ru": 300, "ko": 180}
_WORD = r"(?<![\w-])(?:{})(?![\w-])"
#: What must not stand in a locale, in either tone: (pattern, what is wrong).
_NEVER = {
    "en": [],
    "zh-Hans": [
        (r"[「」『』]", "quotation marks of Traditional Chinese"),
        ("软体|讯息|设定|萤幕|网路|资讯|帐|信箱|透过", "a word of Taiwan"),
    ],
    "zh-Hant": [
        (r"[“”‘’]", "quotation marks of Simplified Chinese"),
        ("軟件|網絡|視頻|默認|賬|郵箱|點擊|屏幕|信息|設置|質量|鏈接", "a word of the mainland"),
    ],
    "ru": [
        ("[а-яё][a-z]|[a-z][а-яё]", "Latin and Cyrillic letters in one word"),
        ("[“”‘’]", "quotation marks other than «»"),
    ],
    "ko": [(r"당신|그대(?!로)", "a pronoun that no support writer uses")],
}  # fmt: skip
_TY = "ты|тебя|тебе|тобой|тво[ийяеёю]|твоего|твоей|твоему|твоим|твоих|твоими|твоём|твою"
_TY_ORDERS = (
    "напиши|скажи|попробуй|спроси|спрашивай|опиши|подожди|оставь|уточни|оцени|расскажи|проверь|"
    "нажми|выбери|звони|включай|пиши|отключи|посмотри|обращайся|задай|задавай|укажи|хочешь|можешь"
)
_VY = "вы|вас|вам|вами|ваш|ваша|ваше|ваши|вашего|вашей|вашему|вашим|ваших|вашими|вашем|вашу"
_VY_ORDERS = r"\w+(?:ите|айте|ойте|ейте|ьте)(?:сь)?"
#: What must not stand in a sentence to the customer: by locale and tone.
_REGISTER = {
    ("en", "formal"): [],
    ("en", "casual"): [],
    ("zh-Hans", "formal"): [("你", "你 instead of 您")],
    ("zh-Hans", "casual"): [("您", "您 instead of 你")],
    ("zh-Hant", "formal"): [("你", "你 instead of 您")],
    ("zh-Hant", "casual"): [("您", "您 instead of 你")],
    ("ru", "formal"): [(_WORD.format(f"{_TY}|{_TY_ORDERS}"), "«ты» instead of «вы»")],
    ("ru", "casual"): [(_WORD.format(f"{_VY}|{_VY_ORDERS}"), "«вы» instead of «ты»")],
    ("ko", "formal"): [],
    ("ko", "casual"): [("니다|니까|십시오", "합쇼체 instead of 해요체")],
}
_POLITE_KOREAN = re.compile(r"(?:요|니다|니까|시오|세요|죠)$")


def faults(text: str, locale: str, *, tone: str = "formal") -> list[str]:
    """Return what is wrong with a sentence said to a customer."""
    plain = PLACEHOLDER.sub("", text)
    found = label_faults(text, locale) + register_faults(text, locale, tone=tone)
    if locale == "ko":
        found += [f"not polite: {end}" for end in _sentences(plain) if not _is_polite(end)]
    if len(plain) > _LONGEST[locale]:
        found.append(f"{len(plain)} characters; at most {_LONGEST[locale]}")
    return found


def register_faults(text: str, locale: str, *, tone: str) -> list[str]:
    """Return the words that address the customer in another tone."""
    plain = PLACEHOLDER.sub("", text).lower()
    return [why for pattern, why in _REGISTER[locale, tone] if re.search(pattern, plain)]


def label_faults(text: str, locale: str) -> list[str]:
    """Return what is wrong with any text: a button or a label need not be a sentence."""
    plain = PLACEHOLDER.sub("", text)
    found = [why for pattern, why in _NEVER[locale] if re.search(pattern, plain.lower())]
    if plain.strip() and not re.search(_LETTERS[locale], plain) and not PLACEHOLDER.search(text):
        found.append(f"no letter of {locale}")
    if text != text.strip() or re.search("  |\t", text):
        found.append("stray white space")
    if '"' in plain or "..." in plain:
        found.append("straight quotation marks or three dots")
    if locale.startswith("zh-"):
        found += _chinese_faults(plain, locale)
    elif re.search(r"[\u3000-\u303f\uff00-\uffef]", plain):
        found.append("Chinese punctuation")
    if locale != "ru" and re.search("[А-Яа-яЁё]", plain):
        found.append("Cyrillic letters")
    if locale != "ko" and re.search(r"[\uac00-\ud7a3]", plain):
        found.append("Korean letters")
    return found


def _chinese_faults(plain: str, locale: str) -> list[str]:
    found = []
    if re.search(r"[\u4e00-\u9fff][,.?!:;()]|[,?!:;()][\u4e00-\u9fff]", plain):
        found.append("ASCII punctuation in Chinese")
    if re.search(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]", plain):
        found.append("no space between Chinese and Latin")
    foreign = [char for char in plain if _other_script(char, locale)]
    return [*found, *(f"{char} is not written in {locale}" for char in foreign)]


@cache
def _other_script(char: str, locale: str) -> bool:
    """Tell whether only the other Chinese script writes a character.

    Characters of both, such as 后 or 里, are left to the eye: the codec of each script's own
    standard (gb2312, big5) decides, and OpenCC that there is another form at all.
    """
    own, other = ("gb2312", "big5") if locale == "zh-Hans" else ("big5", "gb2312")
    if not "\u4e00" <= char <= "\u9fff" or _is_in(char, own):
        return False
    return _is_in(char, other) or _converter("t2s" if locale == "zh-Hans" else "s2t")(char) != char


@cache
def _converter(name: str):
    return OpenCC(name).convert


def _is_in(char: str, charset: str) -> bool:
    try:
        char.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _sentences(text: str) -> list[str]:
    """Return the sentences that end as such; a list after a colon or a heading is none."""
    return re.findall(r"[^.!?\n]+(?=[.!?])", re.sub(r"\([^)]*\)|\d\.\d", "", text))


def _is_polite(sentence: str) -> bool:
    return bool(_POLITE_KOREAN.search(sentence.strip(" ’‘\"'”“")))
