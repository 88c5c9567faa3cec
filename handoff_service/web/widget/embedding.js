// @ts-check
/** Baton on a shop's page: a button, the conversation in a frame on our own origin, an interface for scripts. */

import { createLauncher } from "./launcher.js";

/**
 * What the server says of the site, without what is usual (handoff_service/sites.py, for_loader).
 * @typedef {import("./launcher.js").Look & {v?: string, site?: string, first?: boolean}} LoaderSite
 * `v`: version of our files; `first`: the site may speak first
 */

/** In this session of the browser: the conversation is open (1), or a person has it (2). */
const KEPT = "baton.open";

/** @param {HTMLScriptElement} script @param {LoaderSite} site */
export function embed({ dataset, src }, site) {
  const host = /** @type {any} */ (window);
  /** Frames of ours come from here; nothing is sent to or taken from anywhere else. */
  const { origin } = new URL(src);
  /** @type {Record<string, Set<(detail: any) => void>>} */
  const listeners = {};
  /** What only some visitors need. @type {Promise<import("./companion.js").Companion>|undefined} */
  let companion;
  let locale = "";
  let identity = dataset.identity;
  let open = false;
  let ready = false;
  /** The customer opened it, and not we for them after a change of pages: they may write at once. */
  let focused = true;
  let state = "";
  /** The rule whose words the customer followed. @type {string|undefined} */
  let followed;

  const launcher = createLauncher(site, dataset, { intend, toggle: () => show(!open) });
  const api = {
    open: () => show(true),
    close: () => show(false),
    toggle: () => show(!open),
    /** Put the button back where it was. */
    show() {
      launcher.root.hidden = false;
    },
    /** Take button and conversation out of sight; the conversation goes on. */
    hide() {
      show(false);
      launcher.root.hidden = true;
    },
    /** @param {string} tag */
    setLocale(tag) {
      speak(tag);
      post({ type: "locale", locale });
    },
    /** Who the customer is, as the site's own server signed it; null after a sign-out.
     * @param {string|undefined} token */
    identify(token) {
      identity = token;
      post({ type: "identity", identity });
    },
    /** The page is another one now, without having been loaded anew: agents and rules go by it. */
    page() {
      post({ type: "page", page: here() });
    },
    /** @param {string} name @param {(detail: any) => void} listener */
    on(name, listener) {
      (listeners[name] ??= new Set()).add(listener);
      return () => api.off(name, listener);
    },
    /** @param {string} name @param {(detail: any) => void} listener */
    off: (name, listener) => listeners[name]?.delete(listener),
    /** Something happened that a rule may wait for. @param {string} name @param {object} [detail] */
    track: (name, detail) => tell((it) => it.note(name, detail)),
    /** Take everything out of the page; the tag may be put in again. */
    destroy() {
      show(false);
      tell((it) => it.stop());
      removeEventListener("message", receive);
      launcher.destroy();
      delete host.Baton;
    },
    /** As on a list that stood here before the script came. @param {[string, ...any]} call */
    push: ([name, ...values]) => /** @type {any} */ (api)[name]?.(...values),
  };
  const asked = host.Baton;
  host.Baton = api;
  addEventListener("message", receive);
  speak(dataset.locale || document.documentElement.lang || navigator.language);
  if (site.first) load();
  const before = keep();
  if (before === "1") show(true, false);
  else if (before === "2") intend();
  asked?.map?.(api.push);
  dispatchEvent(new Event("baton:loaded"));

  /** The customer may open it next. */
  function intend() {
    const { colour = "", theme = "" } = dataset;
    const query = new URLSearchParams({ site: site.site ?? "", locale, colour, theme });
    // After the "#", so that it is in no server's log.
    launcher.load(`${origin}/widget/frame?${query}#host=${encodeURIComponent(location.origin)}`);
    load();
  }

  function load() {
    const { v = "" } = site;
    const query = new URLSearchParams({ v, site: site.site ?? "" });
    companion ??= import(`${origin}/widget/companion.js?${query}`).then((module) =>
      module.companion({
        site,
        plan: module.plan,
        shadow: launcher.shadow,
        isOpen: () => open,
        locale: () => locale,
        follow(/** @type {string} */ rule) {
          followed = rule;
          show(true);
          follow();
        },
      }),
    );
  }

  /** @param {(it: import("./companion.js").Companion) => void} word */
  function tell(word) {
    // Where the page's own policy refuses it, there is no one to tell.
    companion?.then(word, () => {});
  }

  /** @param {boolean} on @param {boolean} [focus] */
  function show(on, focus = true) {
    if (on) intend();
    if (on === open) return;
    open = on;
    focused = focus;
    launcher.show(on);
    tell((it) => it.shown(on));
    keep(on ? 1 : /waiting|offered|assigned/.test(state) ? 2 : 0);
    post({ type: "visible", on, focus });
    emit(on ? "open" : "close", {});
  }

  /** @param {MessageEvent} event */
  function receive({ data, origin: from, source }) {
    const message = data?.baton;
    if (from !== origin || source !== launcher.window() || !message) return;
    const { type, count } = message;
    if (type === "ready") {
      ready = true;
      post({
        type: "init",
        locale,
        page: here(),
        name: dataset.name,
        identity,
        suggestions: dataset.suggestions?.split(/\s*[|\n]\s*/),
        visible: open,
        focus: focused,
        live: keep() === "2",
      });
      follow();
    } else if (type === "close") show(false);
    else if (type === "locale") speak(message.locale);
    else if (type === "unread") {
      launcher.count(count);
      tell((it) => it.count(count));
    } else if (type === "state") {
      ({ state } = message);
      tell((it) => it.hear(state));
    }
    emit(type, message);
  }

  /** The bot says in the conversation what the customer followed. */
  function follow() {
    if (!followed || !ready) return;
    post({ type: "proactive", rule: followed });
    followed = "";
  }

  /** @param {object} message */
  function post(message) {
    if (ready) launcher.window()?.postMessage({ baton: message }, origin);
  }

  /** @param {string} name @param {object} detail */
  function emit(name, detail) {
    listeners[name]?.forEach((listener) => listener(detail));
  }

  /** @param {string} tag */
  function speak(tag) {
    locale = launcher.speak(tag);
  }
}

function here() {
  return { url: location.origin + location.pathname, title: document.title };
}

/** Remember where the conversation is from page to page. @param {number} [value] */
function keep(value) {
  try {
    return (sessionStorage[KEPT] = value ?? sessionStorage[KEPT] ?? 0);
  } catch {
    // Storage is refused on this page: the widget starts closed on the next one.
  }
}
