// @ts-check
/** What only some visitors of a shop need, and so is no part of the loader. */

import { speakFirst } from "./proactive.js";
import { createTeaser } from "./teaser.js";
import { createTitle } from "./title.js";

/** Windows in which the conversation takes all the room, as in launcher.js. */
const SMALL = "(max-width:480px),(max-height:420px)";
/** @type {Record<string, string>} */
const CLOSE = { en: "Close", "zh-Hans": "关闭", "zh-Hant": "關閉", ru: "Закрыть", ko: "닫기" };

/** @typedef {ReturnType<typeof companion>} Companion */

/**
 * @param {object} page
 * @param {import("./launcher.js").Look} page.site
 * @param {import("./proactive.js").Plan} [page.plan] when the site speaks first, as the server wrote it
 *   into this module
 * @param {ShadowRoot} page.shadow where the button is
 * @param {() => boolean} page.isOpen
 * @param {() => string} page.locale
 * @param {(rule: string) => void} page.follow the customer wants to hear more of what a rule said
 */
export function companion({ site, plan, shadow, isOpen, locale, follow }) {
  const { host } = shadow;
  const title = createTitle();
  const teaser = createTeaser(
    shadow,
    () => site.labels?.[locale()]?.[1] || (CLOSE[locale()] ?? ""),
  );
  const { style } = document.documentElement;
  /** The page's own wish on scrolling, while it must not scroll. @type {string|undefined} */
  let scrolling;
  const first =
    plan &&
    speakFirst(plan, {
      isOpen: () => isOpen() || host.matches("[hidden]"),
      locale,
      show: ({ id, text }) =>
        teaser.show({
          text: text[locale()] ?? text.en ?? "",
          onOpen: () => follow(id),
          onDismiss: () => first?.dismiss(),
        }),
    });

  return {
    /** @param {string} name @param {object} [detail] */
    note: (name, detail) => first?.note(name, detail),
    /** @param {number} unread */
    count: (unread) => title.count(unread),
    /** @param {string} state where the conversation is */
    hear: (state) => first?.hear(state),
    /** @param {boolean} open whether the conversation is in sight: then nothing is said beside it */
    shown(open) {
      teaser.hide();
      if (scrolling !== undefined) style.overflow = scrolling;
      scrolling = undefined;
      if (!open || !matchMedia(SMALL).matches) return;
      scrolling = style.overflow;
      style.overflow = "hidden";
    },
    stop() {
      first?.stop();
      title.stop();
    },
  };
}
