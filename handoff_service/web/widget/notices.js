// @ts-check
/** Known problems, told before anybody asks; one that was folded stays so until it is changed. */

import { el } from "../shared/dom.js";
import { formatMoment } from "../shared/i18n.js";
import { safeHref } from "../shared/links.js";
import { richText } from "../shared/richtext.js";
import { recall, remember } from "./storage.js";

/** @param {HTMLElement} region */
export function createNotices(region) {
  let drawn = "";

  return {
    /** @param {import("./state.js").WidgetState} state @param {import("../shared/i18n.js").Translate} t */
    render({ notices, locale }, t) {
      const fresh = locale + JSON.stringify(notices);
      if (drawn === fresh) return;
      drawn = fresh;
      region.replaceChildren(
        ...notices.map((notice) =>
          noticeBox(notice, t("notice_since", { when: formatMoment(notice.since_ms, locale) })),
        ),
      );
    },
  };
}

/** @param {import("../shared/protocol.js").Notice} notice @param {string} since */
function noticeBox({ id, version, title, text, locale, url }, since) {
  const href = url && safeHref(url, location.origin);
  const name = `${id}.${version};`;
  const folded = () => recall("notices") ?? "";
  const box = el(
    "details",
    { class: "banner", dataset: { testid: "notice" } },
    el("summary", { text: title, lang: locale, dir: "auto" }),
    el("div", { lang: locale, dir: "auto" }, ...richText(text)),
    href && el("a", { href, target: "_blank", rel: "noopener", text: href }),
    el("p", { text: since }),
  );
  box.open = !folded().includes(name);
  box.ontoggle = () =>
    remember("notices", (folded().replace(name, "") + (box.open ? "" : name)).slice(-200));
  return box;
}
