"""Makes the rows of a conversation: its turns, masked."""

from __future__ import annotations

from collections import Counter

from handoff_service.archive.learning.turns import LearnTurn, Talk
from learning.collecting.reading import read_talk
from learning.collecting.told import Account, Told
from learning.personal.masking import Masked, mask
from learning.personal.spans import without_placeholders

#: Longest texts that are kept, in characters.
TEXT_CHARS, ANSWER_CHARS = 2000, 1000
#: Words of a name.
MOST_WORDS = 3


def turns_of(talk: Talk) -> list[LearnTurn]:
    """Return the turns of a conversation as they are kept."""
    account = read_talk(talk.events)
    names = {*account.names, talk.customer_name, *map(_name_in, account.contacts)} - {""}
    return [
        _masked(turn, account, talk.conversation_id, names=frozenset(names))
        for turn in account.turns
    ]


def _masked(
    turn: Told, account: Account, conversation_id: str, *, names: frozenset[str]
) -> LearnTurn:
    counts: Counter[str] = Counter()

    def clean(text: str, known: frozenset[str], limit: int) -> str:
        masked: Masked = mask(text.replace("\0", ""), language=turn.language, names=sorted(known))
        counts.update(masked.counts)
        return masked.text[:limit]

    text = clean(turn.text, names, TEXT_CHARS)
    same = turn.query == turn.text  # then nothing is counted twice
    query = text if same else clean(turn.query, names, TEXT_CHARS)
    words = "\n".join(turn.words[seq] for seq in sorted(turn.words))
    answer = clean(words, names | account.agents, ANSWER_CHARS)
    return LearnTurn(
        conversation_id=conversation_id,
        seq=turn.seq,
        at_ms=turn.at_ms,
        asks=turn.asks,
        language=turn.language[:16],
        site=account.site,
        text=text,
        query=query,
        intent=_short(turn.intent),
        intent_confidence=turn.intent_confidence,
        scope_confidence=turn.scope_confidence,
        runner_up=_short(turn.runner_up),
        did=turn.did,
        reply_seq=turn.reply_seq,
        answer_confidence=turn.answer_confidence,
        article_id=_short(turn.article_id),
        article_locale=_short(turn.article_locale, 16),
        vote=turn.vote,
        mark=_short(turn.mark, 16),
        handoff_reason=turn.handoff_reason,
        helped=turn.helped,
        agent_answer=answer or None,
        agent_id=_short(turn.agent_id, 64) if answer else None,
        release=_short(turn.release),
        index_version=_short(turn.index_version, 64),
        masked=dict(sorted(counts.items())),
    )


def _name_in(contact: str) -> str:
    """Return the name beside an address or a number, "" where there seems to be none."""
    left = without_placeholders(mask(contact, language="en").text)
    words = left.split()
    named = 1 <= len(words) <= MOST_WORDS and all(not word[0].islower() for word in words)
    return left if named and left.replace(" ", "").isalpha() else ""


def _short(word: str | None, limit: int = 200) -> str | None:
    return str(word).replace("\0", "")[:limit] if word is not None else None
