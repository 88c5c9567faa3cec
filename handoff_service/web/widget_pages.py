"""What a shop's visitor loads first: the loader, and the frame's page, each told about its site."""

import hashlib
import json
import re
from collections.abc import Container, Mapping
from pathlib import Path
from typing import Any

from handoff_service.web.asset import Asset
from handoff_service.web.assets import WEB_ROOT, join_page, load_assets, shrink
from handoff_service.web.bundle import as_call, as_module, bundle

Json = Mapping[str, Any]

#: The name the loader's modules know their site by, and what stands for it until it is known.
_PARAMETER, _PLACE = "SITE", "__SITE__"
#: The data block of the frame's page, and where the tags of what it loads go.
_BLOCK = re.compile(r'(<script type="application/json" id="site">)\s*\{\}\s*(?=</script>)')
_HEAD_ENDS = "</head>"
_STRINGS = "/shared/locales/widget/"
#: What is joined of many: the part of the loader that only some visitors need, and the frame's; its
#: script with the strings of each language in front, so that one request brings both.
COMPANION, _STYLE, _SCRIPT = "/widget/companion.js", "/widget/all.css", "/widget/all{}.js"


class WidgetPages:
    """The loader and the frame's page as text with a gap for the site, and the files they need."""

    def __init__(
        self, root: Path = WEB_ROOT, *, small: bool = True, casual: Container[str] = ()
    ) -> None:
        """Read and join the widget's files.

        Args:
            root: folder of the pages.
            small: join and minify what the frame loads; off, it loads its modules one by one.
            casual: locales in which the widget speaks casually.

        Raises:
            BundleError: the modules cannot be joined.
        """
        loader = as_call(
            bundle(root / "widget/loader.js", root=root), parameter=_PARAMETER, argument=_PLACE
        )
        self._loader = shrink(".js", loader) if small else loader
        self._frame = (root / "widget/frame.html").read_text("utf-8")
        #: Every file of the pages by its address.
        self.assets = load_assets(root, small=small, casual=casual)
        #: Changes with anything that is joined, and with the strings.
        self.version = ""
        if small:
            self._join(root)

    def loader(self, site: Json) -> Asset:
        """Return the script that a shop embeds, told about this site."""
        told = {"v": self.version, **site}
        return Asset.make(".js", self._loader.replace(_PLACE, _json(told)))

    def frame(self, site: Json, *, locale: str = "") -> Asset:
        """Return the page inside the frame.

        Args:
            site: what its modules may know about the site that shows it.
            locale: the language that will most likely be shown: its strings come with the script.
        """
        page = _BLOCK.sub(lambda block: block[1] + _json(site), self._frame)
        if not self.version:
            return Asset.make(".html", page)
        script = _SCRIPT.format(f".{locale}")
        if script not in self.assets:
            script = _SCRIPT.format("")
        tags = (
            f'<link rel="stylesheet" href="{_STYLE}?v={self.version}" />'
            f'<script defer src="{script}?v={self.version}"></script>'
        )
        return Asset.make(".html", shrink(".html", page.replace(_HEAD_ENDS, tags + _HEAD_ENDS)))

    def companion(self, plan: Json) -> Asset:
        """Return what the loader imports for some visitors, told when its site speaks first."""
        told = f"\nexport const plan={_json(plan)};"
        return Asset.make(".js", self.assets[COMPANION].body.decode() + told)

    def _join(self, root: Path) -> None:
        page, script, style = join_page(self._frame, root)
        companion = as_module(bundle(root / "widget/companion.js", root=root), name="companion")
        strings = {
            address.removeprefix(_STRINGS).removesuffix(".json"): asset.body.decode()
            for address, asset in self.assets.items()
            if address.startswith(_STRINGS)
        }
        self.assets |= {
            COMPANION: Asset.make(".js", shrink(".js", companion)),
            _STYLE: Asset.make(".css", style),
            _SCRIPT.format(""): Asset.make(".js", script),
        } | {
            _SCRIPT.format(f".{locale}"): Asset.make(
                ".js", f'var STRINGS={{locale:"{locale}",messages:{messages}}};{script}'
            )
            for locale, messages in strings.items()
        }
        parts = [asset.etag for address, asset in sorted(self.assets.items()) if is_asked(address)]
        self.version = hashlib.sha256(" ".join(parts).encode()).hexdigest()[:10]
        self._frame = page.replace("<html", f'<html data-v="{self.version}"', 1)


def is_asked(address: str) -> bool:
    """Say whether the joined widget asks for this address by its version."""
    before, after = _SCRIPT.split("{}")
    joined = address.startswith(before) and address.endswith(after)
    return joined or address in {COMPANION, _STYLE} or address.startswith(_STRINGS)


def _json(value: Json) -> str:
    """Write a value so that it can stand in a script and in a data block of a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")
