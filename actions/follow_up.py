"""Tell questions that only mean something after the one before: "and on Android?".

Such a question is searched for together with the one before it. Tuned on questions about the demo
company in five languages; joining texts rather than averaging their vectors is what helps (on 367
turns of DSTC11 track 5, recall@1 alone 0.15, averaged 0.21, joined 0.29).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kb_index.confidence import Decision
from kb_index.retriever import SearchResult

#: The intent of short questions that mean nothing by themselves.
FOLLOW_UP = "follow_up"
#: Probability from which the intent tells a new subject, or something that is none of ours.
SURE, SURE_OUTSIDE = 0.8, 0.7
#: Longest follow-up that its words alone give away, in words; two Chinese characters are a word.
LONGEST = 12
#: How much less sure (probability) the search for both may be where the words say that this
#: question goes on from the one before.
BONUS = 0.2

_OPENS = re.compile(
    r"(?:and|but|also|or|then|what about|how about|what if|even if|same for)\b"
    r"|(?:ну\s+)?(?:а|и|но|или|тогда|что если)\s"
    r"|那|还有|還有|如果|要是|万一|萬一|但是|可是"
    r"|그럼|그러면|그런데|근데|그리고|만약|혹시",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:it|its|that|this|them|these|those|there)\b"
    r"|\b(?:это|этого|этому|этим|этом|его|её|ее|их|ему|ей|там|потом)\b"
    r"|它|这个|這個|那个|那個|这样|這樣|那样|那樣"
    r"|그거|그걸|그게|그건|이거|이걸|이게|이건|거기",
    re.IGNORECASE,
)
_TRAILS = re.compile(r"呢|(?:는|은|면|건)요")
_WORD = re.compile(r"[\u4e00-\u9fff]{1,2}|[^\W\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Question:
    """A message that asks something, and what the classifier made of it."""

    text: str
    intent: str
    probability: float


def has_cue(question: Question) -> bool:
    """Tell whether the words say that the question goes on from the one before."""
    text = question.text.strip()
    if question.intent == FOLLOW_UP:
        return True
    if len(_WORD.findall(text)) > LONGEST:
        return False
    trailing = _TRAILS.search(text.rstrip("?？!！。. ")[-3:])
    return bool(_OPENS.match(text) or _REFERS.search(text) or trailing)


def may_follow(question: Question, own: SearchResult, *, article_before: str | None) -> bool:
    """Tell whether it is worth looking for the question together with the one before.

    Args:
        question: The one just put.
        own: What was found for it alone.
        article_before: The best article for the question before.
    """
    if question.intent == "out_of_scope" and question.probability >= SURE_OUTSIDE:
        return False
    if _goes_on(question):
        return True
    answered = own.decision is Decision.ANSWER
    return not answered and article_before in {hit.article_id for hit in own.hits}


def join(before: str, question: str) -> str:
    """Return both questions as one."""
    return f"{before} {question}"


def is_better(joined: SearchResult, own: SearchResult, question: Question) -> bool:
    """Tell whether what was found for both questions serves better than for the latter alone."""
    if _goes_on(question):
        found = joined.decision is not Decision.OFFER_PERSON
        return found and joined.confidence >= own.confidence - BONUS
    # Nothing but the search speaks for it: then both must lead to the same article.
    alone = {hit.article_id for hit in own.hits}
    return joined.decision is Decision.ANSWER and joined.hits[0].article_id in alone


def _goes_on(question: Question) -> bool:
    """Tell whether a cue says so, and no clear subject of its own says otherwise."""
    own_subject = question.intent.startswith("ask_") and question.probability >= SURE
    return has_cue(question) and not own_subject
