"""Tells whether what an agent wrote says something, or only greets, asks and thanks."""

from __future__ import annotations

import re

#: Letters that are left at least when courtesies are taken away; Han and Hangul say more in fewer.
FEWEST, FEWEST_DENSE = 20, 8
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？\n]*")
_DENSE = re.compile(r"[\u3400-\u9fff가-힣]")
#: Taken out of a sentence: what is left may say something.
_GREETING = re.compile(
    r"(?i)\b(?:hello|hi|hey|dear|good (?:morning|afternoon|evening)|sorry|thanks|thank you)\b"
    r"|здравствуйте|добрый (?:день|вечер)|доброе утро|привет|извините|простите|спасибо"
    r"|您好|你好|早上好|下午好|晚上好|早安|午安|晚安|谢谢您?|謝謝您?|抱歉|不好意思"
    r"|안녕하세요|안녕하십니까|반갑습니다|감사합니다|고맙습니다|죄송합니다만?|고객님"
)
#: Sentences that hold one of these introduce somebody, put off or take leave.
_COURTESY = re.compile(
    r"(?i)\b(?:welcome|my name is|this is \w+ (?:from|here)|i(?:'m| am) \w+ from|for contacting|"
    r"let me (?:check|look|see|have)|one moment|just a (?:moment|second|minute)|please wait|"
    r"hold (?:on|the line)|bear with me|i(?:'ll| will) (?:check|look|be right)|looking into|"
    r"checking|anything else|have a (?:nice|good|great)|bye|glad to|happy to help|no problem)\b"
    r"|меня зовут|чем (?:могу|я могу) помочь|за обращение|минут(?:у|очку|ку)\b|секунд|подождите|"
    r"сейчас (?:проверю|посмотрю|уточню|гляну)|уточн(?:ю|яю)|проверяю|хорошего|всего доброго|"
    r"до свидания|обращайтесь|рад[аы]? помочь"
    r"|请稍等|請稍等|稍等|稍候|很高兴|很高興|为您服务|為您服務|感谢您的|感謝您的|我是客服|"
    r"我(?:来|來|帮您|幫您)?(?:查|看)一下|再见|再見|不客气|不客氣|祝您"
    r"|잠시만|기다려|상담(?:사|원)\s?\S{0,6}입니다|무엇을 도와|도와드리겠|"
    r"확인해\s?(?:보|드리)겠|확인\s?중|좋은 하루|수고하세요|천만에요|문의해\s?주셔서"
)


def has_substance(text: str) -> bool:
    """Whether a message says something that could answer a question.

    Greetings do not count, nor do sentences that put off or ask; enough letters must be left.
    """
    left = "".join(
        _GREETING.sub("", sentence)
        for sentence in _SENTENCE.findall(text)
        if not _COURTESY.search(sentence) and not sentence.rstrip().endswith(("?", "？"))
    )
    letters = sum(char.isalnum() for char in left)
    return letters >= (FEWEST_DENSE if _DENSE.search(left) else FEWEST)
