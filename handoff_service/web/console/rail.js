// @ts-check
/** The rail of sections at the side of the console; on a phone, the bar below it. */

import { el, icon } from "../shared/dom.js";
import { NAV_ICONS, SEARCH } from "./icons.js";
import { keyText } from "./keys.js";
import { hashOf } from "./router.js";

/**
 * @param {HTMLElement} region
 * @param {{sections: import("./sections.js").Section[], openPalette: () => void}} content
 * @param {import("../shared/i18n.js").Translate} t
 */
export function createRail(region, { sections, openPalette }, t) {
  const search = el(
    "button",
    {
      type: "button",
      class: "rail-item",
      title: `${t("palette")} (${keyText("mod+k")})`,
      dataset: { testid: "palette-open" },
      on: { click: openPalette },
    },
    icon(SEARCH),
    el("span", { text: t("palette_short") }),
  );
  const links = sections
    .filter(({ hidden }) => !hidden)
    .map(({ name, key }) =>
      el(
        "a",
        {
          class: "rail-item",
          href: hashOf(name),
          title: key && `${t(`nav_${name}`)} (${keyText(key)})`,
          dataset: { testid: `nav-${name}`, name },
        },
        icon(NAV_ICONS[name] ?? NAV_ICONS.desk ?? ""),
        el("span", { text: t(`nav_${name}`) }),
        el("span", { class: "rail-count" }),
      ),
    );
  region.setAttribute("aria-label", t("nav"));
  region.replaceChildren(search, ...links);

  return {
    /** @param {string} name of the section that is open */
    show(name) {
      for (const link of links) {
        if (link.dataset.name === name) link.setAttribute("aria-current", "page");
        else link.removeAttribute("aria-current");
      }
    },
    /** @param {string} name of a section @param {number} count what waits there */
    count(name, count) {
      const badge = links
        .find(({ dataset }) => dataset.name === name)
        ?.querySelector(".rail-count");
      if (badge) badge.textContent = count ? String(count) : "";
    },
  };
}
