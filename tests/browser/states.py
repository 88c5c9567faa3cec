"""A sheet of pictures: what the widget shows in each state, looked at by axe and by people."""

import base64
from dataclasses import dataclass, field

from playwright.sync_api import expect

from tests.browser.conftest import ARTEFACTS

#: Width, height: a desktop page, a phone, and the narrowest page that must work (WCAG 2.2, 1.4.10).
DESKTOP, PHONE, NARROW = (1000, 780), (390, 760), (320, 568)
#: Each picture is taken in the next of these: language, dark, size.
LOOKS = [
    ("en", False, DESKTOP),
    ("ru", True, PHONE),
    ("ko", False, NARROW),
    ("zh-Hans", True, DESKTOP),
    ("zh-Hant", False, PHONE),
    ("ru", False, NARROW),
    ("ko", True, DESKTOP),
    ("en", True, NARROW),
    ("zh-Hans", False, PHONE),
    ("ru", False, DESKTOP),
    ("zh-Hant", True, NARROW),
    ("ko", False, PHONE),
]

#: What sticks out at a side, is smaller than a finger (2.5.8), or is a field without a name.
FAULTS = """() => {
  const shown = (part) => part.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const name = (part) => `${part.localName}#${part.id}.${part.className} "${part.innerText}"`;
  const found = [];
  const wide = document.documentElement.scrollWidth - innerWidth;
  if (wide > 0) found.push(`the page is ${wide} px too wide`);
  for (const part of document.body.querySelectorAll("*")) {
    if (!shown(part) || part.closest(".sr, svg, .table")) continue;
    const box = part.getBoundingClientRect();
    if (box.left < -1 || box.right > innerWidth + 1) found.push(`${name(part)} sticks out`);
    const control = part.matches("button, input, select, textarea");
    const { width, height } = (part.closest("label") ?? part).getBoundingClientRect();
    if (control && (width < 24 || height < 24))
      found.push(`${name(part)} is ${width} by ${height}`);
    const cut = part.scrollWidth - part.clientWidth > 1 && getComputedStyle(part).overflowX;
    if (cut && cut !== "visible") found.push(`${name(part)} is cut off`);
  }
  return found;
}"""


@dataclass
class Sheet:
    """The pictures so far."""

    shots: list[tuple[str, bytes]] = field(default_factory=list)
    #: What is wrong with them: all of it is told at the end of a test.
    faults: list[object] = field(default_factory=list)

    def take(self, name, page, axe, *, look=None):
        """Show a state in the next look, note what is wrong with it, keep its picture."""
        locale, dark, (width, height) = look or LOOKS[len(self.shots) % len(LOOKS)]
        frame = next(each for each in page.frames if "/widget/frame" in each.url)
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
        if frame.locator("body").get_attribute("data-locale") != locale:  # offline none comes
            page.evaluate("locale => Baton.setLocale(locale)", locale)
        expect(frame.locator("body")).to_have_attribute("data-locale", locale)
        if found := frame.evaluate(FAULTS):
            self.faults.append((name, locale, width, found))
        try:
            axe(frame)
        except AssertionError as violations:
            self.faults.append((name, locale, violations.args))
        theme = "dark" if dark else "light"
        caption = f"{len(self.shots) + 1}. {name} · {locale} · {theme} · {width}"
        self.shots.append((caption, page.get_by_test_id("baton-frame").screenshot()))

    def draw(self, page):
        """Put all of them on one picture."""
        figures = "".join(
            f'<figure><img src="data:image/png;base64,{base64.b64encode(shot).decode()}">'
            f"<figcaption>{name}</figcaption></figure>"
            for name, shot in self.shots
        )
        page.set_viewport_size({"width": 2000, "height": 1000})
        page.set_content(
            "<style>body{display:grid;grid-template-columns:repeat(6,1fr);gap:16px;margin:16px;"
            "font:13px sans-serif;background:#999}figure{margin:0}"
            "img{width:100%;height:560px;object-fit:contain;object-position:top}</style>" + figures
        )
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=ARTEFACTS / "widget-states.png", full_page=True)
