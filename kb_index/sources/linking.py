"""Knows which links of one page lead to another article, so that they stay inside."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb_index.articles import Article
from kb_index.sources.addresses import page_key
from kb_index.sources.page import Draft
from kb_index.sources.to_markdown import Resolve

_WEB = re.compile(r"https?://", re.IGNORECASE)
_OTHER_KEPT = re.compile(r"(mailto|tel):", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)


class Linking:
    """Finds the article that an address means."""

    def __init__(
        self, drafts: Sequence[Draft], ids: Sequence[str], *, published: Sequence[Article]
    ) -> None:
        self._on_the_web: dict[str, tuple[str, str]] = {
            page_key(article.url): (article.locale, article.id)
            for article in published
            if article.url
        }
        self._in_folders: dict[tuple[str, str], tuple[str, str]] = {}
        for draft, article_id in zip(drafts, ids, strict=True):
            known = (draft.locale, article_id)
            self._in_folders[draft.source, page_key(draft.address)] = known
            for address in filter(None, (draft.url, *draft.aliases)):
                self._on_the_web[page_key(address)] = known

    def resolver(self, draft: Draft, *, article_id: str) -> Resolve:
        """Return what turns each address on a page into the one to write.

        An article of the same locale: its id; any other page on the web: its address; what leads
        nowhere (a file that is no article, a script): None.
        """

        def resolve(address: str) -> str | None:
            if _OTHER_KEPT.match(address):
                return address
            on_the_web = _WEB.match(address) is not None
            if not on_the_web and (not address or _SCHEME.match(address)):
                return None
            key = page_key(address)
            found = (
                self._on_the_web.get(key)
                if on_the_web
                else self._in_folders.get((draft.source, key))
            )
            if found is not None and found[0] == draft.locale and found[1] != article_id:
                return found[1]
            return address if on_the_web else None

        return resolve
