"""Finds names of people: known ones, and those that are introduced, signed or addressed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from learning.personal.spans import Span, matches

#: Shorter parts of a known name are words of their own too often: "Al", "Jo"; one Han character is.
FEWEST_LETTERS, FEWEST_DENSE = 3, 2
#: So long a name is no other word, however it is written.
LONG = 6
_ENDING = r"(?:а|у|ом|е|ой|ою|ы|и|й|ю|ем|ём|ей|я|ь|ым|ого|ому|ую|их|ами)?"
_DENSE = re.compile(r"[\u3400-\u9fff가-힣]")

_EN_NAME = r"[A-Z][a-z'’-]+(?:\s[A-Z]\.)?(?:\s(?:van |de |O')?[A-Z][a-z'’-]+){0,2}"
_RU_WORD = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_RU_NAME = rf"{_RU_WORD}(?:\s{_RU_WORD}){{0,2}}"
_PATRONYM = r"[А-ЯЁ][а-яё]+(?:вич|вна|ична|инична|ович|евич)(?:а|у|ем|е|ой|ы)?"
#: The hundred or so most frequent surnames, simplified and traditional; nine in ten people.
_HAN_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許邓鄧韩韓冯馮曹彭曾肖蕭田董潘袁蔡蒋蔣"
    "余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鍾姜崔谭譚陆陸范汪廖石金韦韋贾賈夏付方邹鄒熊白孟秦邱侯江尹薛闫雷龙龍史陶贺"
    "賀顾顧毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔向汤湯温溫康施洪柯詹簡简游巫赖賴翁廖俞涂穆甘盛"
)
_HAN_NAME = (
    rf"(?:欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|[{_HAN_SURNAMES}])"
    r"(?!先生|女士|小姐|太太)[\u4e00-\u9fff]{1,2}"
)
_KO_SURNAMES = (
    "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방"
    "공현함변염"
)
_KO_NAME = rf"(?:남궁|황보|제갈|선우|[{_KO_SURNAMES}])[가-힣]{{2}}"
_LATIN_NAME = r"[A-Z][a-z]+(?:\s[A-Z][a-z]+){0,2}"

_INTRODUCED = {
    "en": (
        re.compile(
            rf"(?:(?i:my (?:full |first |last )?name(?:'s| is|:)|the name(?:'s| is)|(?:full |"
            rf"first |last )?name:|"
            rf"addressed to|recipient:?|account holder:?|cardholder:?|on behalf of|"
            rf"under the name(?: of)?|"
            rf"in the name of|registered to|ask for|contact:)\s+)(?P<it>{_EN_NAME})"
        ),
        re.compile(
            r"(?:(?i:\bi am|\bi'm|\bthis is|\bit's|"
            r"hi,? it's)\s+)(?P<it>[A-Z][a-z'-]+\s[A-Z][a-z'-]+)\b(?!\s[A-Z])"
        ),
        re.compile(rf"(?i:\bthis is)\s+(?P<it>{_EN_NAME})(?=\s(?i:here|speaking|from|calling))"),
        re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.?\s{_EN_NAME}"),
        re.compile(
            rf"(?:(?i:\bregards|\bsincerely|\bthanks|\bthank you|\bcheers|\bbest wishes|"
            rf"\bbest)[,.!]?\s*\n\s*|"
            rf"(?i:\b(?:kind |best )?regards|\bsincerely|\bcheers),?\s+)(?P<it>{_EN_NAME})\s*$",
            re.MULTILINE,
        ),
        re.compile(
            r"(?:(?i:my (?:full |first |last )?name(?:'s| is|"
            r":))\s+)(?P<it>[a-z]{2,15}(?:\s[a-z]{3,15})?)(?=\s*(?:[,.!?;]|$|\band\b))"
        ),
    ),
    "ru": (
        re.compile(
            rf"(?:(?i:меня зовут|мо[её] имя|моя фамилия|(?:ф\.?\s?и\.?\s?о\.?)|фамилия|имя|"
            rf"получатель|"
            rf"контактное лицо|на имя|с уважением|владелец карты|заказчик|"
            rf"оформлен[ао]? на)[\s:,—-]+)(?P<it>{_RU_NAME})"
        ),
        re.compile(rf"(?P<it>(?:{_RU_WORD}\s)?{_RU_WORD}\s{_PATRONYM}(?:\s{_RU_WORD})?)"),
        re.compile(rf"(?P<it>{_RU_WORD}\s[А-ЯЁ]\.\s?[А-ЯЁ]\.)"),
        re.compile(rf"(?:(?i:\bэто|\bя)[\s,—-]+)(?P<it>{_RU_WORD}\s{_RU_WORD})(?=[,.!?]|$)"),
        re.compile(
            r"(?i:меня зовут)\s+(?P<it>[а-яё]{3,15}(?:\s[а-яё]{4,18})?)(?=\s*(?:[,.!?;]|$))"
        ),
    ),
    "zh": (
        re.compile(
            rf"(?:我叫|我的名字(?:是|叫)?|姓名(?:是|为|為|:|：|\s)*|名字(?:是|叫|:|：)|"
            rf"联系人(?:是|:|：)?|聯絡人(?:是|:|：)?|聯繫人(?:是|:|：)?|"
            rf"收件人(?:是|:|：)?|收货人(?:是|:|：)?|收貨人(?:是|:|：)?|持卡人(?:是|:|：)?|"
            rf"户名(?:是|:|：)?|戶名(?:是|:|：)?|开户人(?:是|:|：)?|本人)"
            rf"\s*(?P<it>{_HAN_NAME}|{_LATIN_NAME})(?=先生|女士|小姐|[,.!?，。！？、；;\s]|$|的|"
            rf"和|，)"
        ),
        re.compile(
            r"(?:我叫|我的名字(?:是|叫)|姓名[:：]\s*|收件人[:：]\s*|聯絡人[:：]\s*|"
            r"联系人[:：]\s*)(?P<it>(?![一你您不了他她它客人过過个個辆輛台])[\u4e00-\u9fff]{2,4})"
            r"(?=[,.!?，。！？、；;\s]|$)"
        ),
        re.compile(rf"(?:我是|这是|這是)(?P<it>{_HAN_NAME})(?=[,.!?，。！？、；;\s]|$)"),
        re.compile(rf"(?P<it>{_HAN_NAME}|[{_HAN_SURNAMES}])(?=先生|女士|小姐|太太)"),
        re.compile(
            rf"(?:找|联系|聯絡|聯繫|打给|打給|转告|轉告)(?P<it>{_HAN_NAME})"
            r"(?=先生|女士|小姐|[,.!?，。！？、；;\s]|$)"
        ),
        re.compile(rf"(?:我姓)(?P<it>[{_HAN_SURNAMES}])"),
    ),
    "ko": (
        re.compile(
            rf"(?:이름은|성함은|이름:|성함:|성명:|성명은|받는\s?(?:사람|분)(?:은|:)?|수령인(?:은|"
            rf":)?|예금주(?:는|:)?|명의자(?:는|:)?|"
            rf"주문자(?:는|:)?|담당자(?:는|:)?|고객명(?:은|:)?)\s*(?P<it>{_KO_NAME}|"
            rf"[가-힣]{{2,4}}(?=입니다|이에요|예요|이고|이라고)|{_LATIN_NAME})"
        ),
        re.compile(
            rf"(?:저는|전|나는|제가|여기는)\s+(?P<it>{_KO_NAME})(?=입니다|이라고|라고|이에요|"
            rf"예요|인데|이고|이며)"
        ),
        re.compile(rf"(?<![가-힣])(?P<it>{_KO_NAME})(?=\s?(?:씨|님|고객님)(?![가-힣]*[자들]))"),
        re.compile(rf"(?<![가-힣])(?P<it>{_KO_NAME})\s?(?:드림|올림|배상)"),
    ),
}
#: Patterns are tried where their letters are.
_SCRIPTS = {"en": "[A-Za-z]", "ru": "[А-Яа-я]", "zh": "[\u4e00-\u9fff]", "ko": "[가-힣]"}
_BY_SCRIPT = tuple((re.compile(_SCRIPTS[name]), found) for name, found in _INTRODUCED.items())
#: Words that read like a name where a name is expected, and are none.
_NO_NAMES = frozenset(
    {
        *("not", "the", "an", "in", "on", "at", "so", "very", "sure", "sorry", "wrong", "correct"),
        *("unable", "trying", "having", "getting", "looking", "using", "still", "just", "also"),
        *("now", "here", "there", "going", "done", "being", "set", "displayed", "shown", "too"),
        *("invalid", "missing", "correctly", "empty", "long", "already", "taken", "required"),
        *("Support", "Team", "Customer", "Service", "Hub", "Home", "Amazon", "Alexa", "Google"),
        *("не", "что", "как", "это", "где", "мой", "моя", "уже", "Поддержка", "Команда", "Хаб"),
        *("Алиса", "Добрый", "Здравствуйте", "Спасибо"),
        *("고객님", "상담사", "관리자", "담당자", "이메일", "주소가", "이용자", "사용자", "안내원"),
        *("기사님", "선생님", "사장님", "팀장님", "원장님"),
        *("高手", "何时", "何時", "何种", "何種", "高级", "高級", "于是", "任何", "方便", "向您"),
        *("白色", "金色", "黄色", "黃色", "万一", "萬一", "石头", "马上", "馬上"),
        *("全名", "用户", "用戶"),
    }
)


def find_names(text: str) -> Iterator[Span]:
    """Yield names that are introduced, signed, or addressed with a title."""
    for script, patterns in _BY_SCRIPT:
        if not script.search(text):
            continue
        for span in (span for pattern in patterns for span in matches(pattern, text, "name")):
            words = text[span.start : span.end].split()
            if words and not _NO_NAMES.intersection({words[0], words[0].lower(), "".join(words)}):
                yield span


def find_given_names(text: str, names: Iterable[str]) -> Iterator[Span]:
    """Yield known names and their parts, in the cases of Russian and before Korean endings."""
    for name in names:
        for pattern in _patterns_of(" ".join(name.split())):
            yield from matches(pattern, text, "name")


@lru_cache(maxsize=4096)
def _patterns_of(name: str) -> tuple[re.Pattern[str], ...]:
    if "@" in name:  # an address, with words in it that are no names
        return ()
    parts = [name, *(part for part in re.split(r"[\s.,]+", name) if part != name)]
    return tuple(_pattern(part) for part in parts if _is_telling(part))


def _is_telling(part: str) -> bool:
    letters = [char for char in part if char.isalpha()]
    if _DENSE.search(part):
        return len(letters) >= FEWEST_DENSE
    return len(letters) >= FEWEST_LETTERS


def _pattern(part: str) -> re.Pattern[str]:
    words = re.escape(part)
    if re.search(r"[а-яё]", part, re.IGNORECASE):
        stem = re.escape(re.sub(r"[аяйьыеёиоую]$", "", part, flags=re.IGNORECASE))
        return re.compile(rf"(?<!\w){stem}{_ENDING}(?!\w)", re.IGNORECASE)
    if _DENSE.search(part):
        return re.compile(words)
    if " " in part or len(part) >= LONG:
        return re.compile(rf"(?<![A-Za-z]){words}(?:'s)?(?![A-Za-z])", re.IGNORECASE)
    # "Will" and "May" are words of their own where they are not written as names
    return re.compile(
        rf"(?<![A-Za-z])(?:{words}|{words.title()}|{words.upper()})(?:'s)?(?![A-Za-z])"
    )
