"""Pins accepted wording to articles, and begins articles that are missing."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from learning.writing.accepted import Draft, Pin
from learning.writing.errors import NotWritten
from learning.writing.front_matter import pin_questions, pinned_questions
from learning.writing.plan import DRAFTS, EXAMPLES, Writing
from learning.writing.texts import PLACEHOLDER, as_scalar, fold, one_line
from learning.writing.tree import Tree

#: Longest part of a file's name that comes from a title, in characters.
LONGEST_SLUG = 60
#: Questions pinned to a draft, and answers of agents quoted in it, at most.
MOST_QUESTIONS, MOST_ANSWERS = 8, 5
TO_DO = (
    "To do: check every sentence, take out what holds for one customer only, add title and tags,\n"
    "delete the comments, then move this file to data/kb/{locale}/ and run `baton kb check`."
)


def write_pins(writing: Writing, pins: Sequence[Pin]) -> None:
    """Pin questions to the articles of their language."""
    found: dict[str, list[Pin]] = defaultdict(list)
    for pin in pins:
        if PLACEHOLDER.search(pin.said.text):  # somebody's own case, and no question of others
            writing.note(pin.decided, "left_out")
        elif name := _article_for(writing, pin):
            found[name].append(pin)
    for name, own in found.items():
        text = writing.tree.find(name) or ""
        try:
            known = {fold(question) for question in pinned_questions(name, text)}
            questions = [one_line(pin.said.text) for pin in own]
            writing.tree.put(name, pin_questions(name, text, questions))
        except NotWritten as error:
            for pin in own:
                writing.refuse(pin.decided, "not_written", pin.said.text, str(error))
            continue
        for pin, question in zip(own, questions, strict=True):
            if fold(question) in known:
                writing.note(pin.decided, "known")
                continue
            known.add(fold(question))
            writing.note(pin.decided, "questions")
            writing.tree.append(EXAMPLES, [_pin_as_json(pin, question, file=name)])


def write_drafts(writing: Writing, drafts: Sequence[Draft], *, today: str) -> tuple[str, ...]:
    """Begin articles below data/kb_drafts; return the suggestions that are done by that."""
    for draft in drafts:
        article_id = _new_id(writing.tree, draft)
        name = f"{DRAFTS}/{draft.language}/{article_id}.md"
        writing.tree.put(name, draft_text(draft, article_id, today=today))
        writing.tree.append(EXAMPLES, [_draft_as_json(draft, file=name)])
        writing.counts["drafts"] += 1
        writing.people.update(draft.people)
    return tuple(draft.suggestion_id for draft in drafts)


def draft_text(draft: Draft, article_id: str, *, today: str) -> str:
    """Return the Markdown of a draft: a front matter, what to do, the text, what agents wrote."""
    questions = list({fold(q): one_line(q) for q in reversed(draft.questions)}.values())[::-1]
    questions = [q for q in questions if not PLACEHOLDER.search(q)][:MOST_QUESTIONS]
    head = [
        "---",
        f"id: {article_id}",
        f"title: {as_scalar(draft.title)}",
        f"locale: {draft.language}",
        f"updated: {today}",
        "tags: []",
        *(["answers:", *(f"  - {as_scalar(q)}" for q in questions)] if questions else []),
        "---",
    ]
    quoted = [_quote(answer) for answer in draft.answers[:MOST_ANSWERS]]
    parts = [
        "\n".join(head) + f"\n<!--\n{TO_DO.format(locale=draft.language)}\n-->",
        draft.body.strip() or _first(draft.answers),
        *(["<!--\nWhat agents wrote:\n\n" + "\n\n".join(quoted) + "\n-->"] if quoted else []),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _article_for(writing: Writing, pin: Pin) -> str:
    """Return the file of the article in the language of the question; "": a problem was noted."""
    name = f"data/kb/{pin.said.language}/{pin.article_id}.md"
    if writing.tree.find(name) is not None:
        return name
    names = writing.tree.names("data/kb", ".md")
    others = [n.split("/")[2] for n in names if n.endswith(f"/{pin.article_id}.md")]
    if others:
        detail = f"{pin.article_id} is not translated: it is there in {', '.join(others)} only"
        writing.refuse(pin.decided, "not_translated", pin.said.text, detail)
    else:
        detail = f"there is no file {name}: pin it where the article is kept"
        writing.refuse(pin.decided, "no_article", pin.said.text, detail)
    return ""


def _new_id(tree: Tree, draft: Draft) -> str:
    ascii_title = unicodedata.normalize("NFKD", draft.title).encode("ascii", "ignore").decode()
    slug = re.sub("[^a-z0-9]+", "-", ascii_title.casefold()).strip("-")[:LONGEST_SLUG].strip("-")
    if len(slug) < len(draft.title) / 3:  # a title in another script
        slug = "draft-" + re.sub("[^a-z0-9]", "", draft.suggestion_id.casefold())[-8:]
    taken = {
        name.rsplit("/", 1)[1].removesuffix(".md")
        for folder in ("data/kb", DRAFTS)
        for name in tree.names(folder, ".md")
    }
    number, found = 2, slug
    while found in taken:
        found, number = f"{slug}-{number}", number + 1
    return found


def _pin_as_json(pin: Pin, question: str, *, file: str) -> str:
    said, decided = pin.said, pin.decided
    entry = {
        "file": file,
        "text": question,
        "article_id": pin.article_id,
        "language": said.language,
        "conversation_id": said.conversation_id,
        "seq": said.seq,
        "reviewers": list(decided.reviewers),
        "at": decided.at,
        "decision_id": decided.ids[0],
    }
    return json.dumps(entry, ensure_ascii=False)


def _draft_as_json(draft: Draft, *, file: str) -> str:
    entry = {
        "file": file,
        "language": draft.language,
        "conversation_ids": list(draft.conversation_ids),
        "reviewers": list(draft.people),
        "suggestion_id": draft.suggestion_id,
    }
    return json.dumps(entry, ensure_ascii=False)


def _quote(answer: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _uncommented(answer).strip().split("\n"))


def _uncommented(text: str) -> str:
    """Return a text that ends no comment of Markdown."""
    return text.replace("--", "–")


def _first(answers: Sequence[str]) -> str:
    return answers[0].strip() if answers else ""
