// @ts-check
/* Baton's launcher: a button on the shop's page, and the conversation in a frame on our own origin. */
(() => {
  "use strict";
  const script = /** @type {HTMLScriptElement|null} */ (document.currentScript);
  const host = /** @type {any} */ (window);
  if (!script || host.Baton) return;

  /** Frames of ours come from here; nothing is sent to or taken from anywhere else. */
  const { origin } = new URL(script.src);
  const OPEN_KEY = "baton.open";
  /** @type {Record<string, [string, string]>} label of the closed and of the open button */
  const LABELS = {
    en: ["Chat with us", "Close chat"],
    "zh-Hans": ["在线咨询", "关闭对话"],
    "zh-Hant": ["線上諮詢", "關閉對話"],
    ru: ["Написать нам", "Закрыть чат"],
    ko: ["채팅 상담", "채팅 닫기"],
  };
  const CSS = `
:host{all:initial;color-scheme:light dark}
button{position:fixed;inset-block-end:20px;inset-inline-end:20px;z-index:2147483000;width:60px;height:60px;border:0;border-radius:50%;
background:#0b6e5f;color:#fff;cursor:pointer;box-shadow:0 6px 24px #0004;transition:transform .15s}
button:hover{transform:scale(1.05)}
button:focus-visible{outline:3px solid #fff;outline-offset:-6px;box-shadow:0 0 0 3px #0b6e5f}
svg{width:28px;height:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;display:block;margin:auto}
.x,[aria-expanded=true] .c{display:none}[aria-expanded=true] .x{display:block}
.n{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-width:22px;height:22px;border-radius:11px;background:#b3261e;color:#fff;
font:600 13px/22px system-ui,sans-serif;text-align:center;padding:0 5px;box-sizing:border-box}
.n[hidden]{display:none}
iframe{position:fixed;inset-block-end:92px;inset-inline-end:20px;z-index:2147483000;width:400px;max-width:calc(100vw - 40px);
height:660px;max-height:calc(100dvh - 112px);border:0;border-radius:16px;background:#fff;box-shadow:0 12px 48px #0005;
visibility:hidden;opacity:0;transform:translateY(12px);transition:opacity .18s,transform .18s,visibility .18s}
iframe.o{visibility:visible;opacity:1;transform:none}
@media (prefers-color-scheme:dark){iframe{background:#14191b}}
@media (max-width:480px),(max-height:420px){iframe{inset:0;width:100%;max-width:none;height:100%;max-height:none;border-radius:0}
button[aria-expanded=true]{visibility:hidden}}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}`;

  /** @type {Map<string, Set<(detail: any) => void>>} */
  const listeners = new Map();
  let locale = pick(script.dataset.locale || document.documentElement.lang || navigator.language);
  /** @type {string|null} */
  let identity = script.dataset.identity || null;
  let open = false;
  /** @type {HTMLIFrameElement|null} */
  let frame = null;
  let ready = false;

  const root = document.createElement("div");
  const shadow = root.attachShadow({ mode: "open" });
  // A constructed sheet passes a host's CSP that forbids inline styles.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  shadow.adoptedStyleSheets = [sheet];

  const button = document.createElement("button");
  button.type = "button";
  button.dataset.testid = "baton-launcher";
  const badge = document.createElement("span");
  badge.className = "n";
  badge.hidden = true;
  badge.dataset.testid = "baton-badge";
  button.append(
    drawing("c", "M21 12a8 8 0 0 1-8 8H4l2-3.5A8 8 0 1 1 21 12ZM9 11h8M9 14.5h5"),
    drawing("x", "M6 6l12 12M18 6L6 18"),
    badge,
  );
  shadow.append(button);
  for (const intent of ["pointerenter", "focus", "touchstart"])
    button.addEventListener(intent, makeFrame, { once: true, passive: true });
  button.addEventListener("click", () => show(!open));
  window.addEventListener("message", receive);
  label();
  whenBody(() => {
    document.body.append(root);
    if (remembered() === "1") show(true, false);
  });

  host.Baton = {
    open: () => show(true),
    close: () => show(false),
    toggle: () => show(!open),
    /** @param {string} tag */
    setLocale(tag) {
      locale = pick(tag);
      label();
      post({ type: "locale", locale });
    },
    /** Who the customer is, as the site's own server signed it; null after a sign-out.
     * @param {string|null} token */
    identify(token) {
      identity = token;
      post({ type: "identity", identity });
    },
    /** @param {string} name @param {(detail: any) => void} listener */
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
  };
  window.dispatchEvent(new Event("baton:loaded"));

  function makeFrame() {
    if (frame) return;
    frame = document.createElement("iframe");
    frame.title = LABELS[locale]?.[0] ?? "Chat";
    frame.dataset.testid = "baton-frame";
    // After the "#", so that it is in no server's log.
    frame.src = `${origin}/widget/frame#host=${encodeURIComponent(location.origin)}`;
    shadow.append(frame);
  }

  /** @param {boolean} on @param {boolean} [focus] */
  function show(on, focus = true) {
    if (on) makeFrame();
    if (on === open) return;
    open = on;
    // The next frame, so that a new iframe is laid out before it slides in.
    requestAnimationFrame(() => frame?.classList.toggle("o", open));
    button.setAttribute("aria-expanded", String(open));
    remember(open ? "1" : "0");
    label();
    post({ type: "visible", on, focus });
    if (!on) button.focus();
    emit(on ? "open" : "close", {});
  }

  /** @param {MessageEvent} event */
  function receive(event) {
    if (event.origin !== origin || !frame || event.source !== frame.contentWindow) return;
    const message = event.data?.baton;
    if (!message) return;
    if (message.type === "ready") {
      ready = true;
      const { suggestions, name } = script?.dataset ?? {};
      const page = { url: location.origin + location.pathname, title: document.title };
      post({
        type: "init",
        locale,
        page,
        name,
        identity,
        suggestions: lines(suggestions),
        visible: open,
      });
    } else if (message.type === "close") show(false);
    else if (message.type === "locale") {
      locale = pick(message.locale);
      label();
    } else if (message.type === "unread") {
      badge.textContent = String(message.count);
      badge.hidden = !message.count;
      label();
    }
    emit(message.type, message);
  }

  /** @param {object} message */
  function post(message) {
    if (ready) frame?.contentWindow?.postMessage({ baton: message }, origin);
  }

  /** @param {string} name @param {object} detail */
  function emit(name, detail) {
    for (const listener of listeners.get(name) ?? []) listener(detail);
  }

  function label() {
    const text = LABELS[locale]?.[open ? 1 : 0] ?? "";
    const unread = badge.hidden ? "" : ` (${badge.textContent})`;
    button.setAttribute("aria-label", text + unread);
    button.setAttribute("aria-expanded", String(open));
    root.lang = locale;
    if (frame) frame.title = LABELS[locale]?.[0] ?? "";
  }

  /** @param {string|undefined} text suggestions, one a line or separated by "|" */
  function lines(text) {
    return (text ?? "")
      .split(/[|\n]/)
      .map((line) => line.trim())
      .filter(Boolean);
  }

  /** @param {string} tag */
  function pick(tag) {
    if (/^zh/i.test(tag)) return /hant|tw|hk|mo/i.test(tag) ? "zh-Hant" : "zh-Hans";
    const short = tag.slice(0, 2).toLowerCase();
    return short in LABELS ? short : "en";
  }

  /** @param {string} name @param {string} path */
  function drawing(name, path) {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", name);
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS(svg.namespaceURI, "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  }

  function remembered() {
    try {
      return sessionStorage.getItem(OPEN_KEY);
    } catch {
      return null; // Storage is refused on this page: the widget starts closed.
    }
  }

  /** @param {string} value */
  function remember(value) {
    try {
      sessionStorage.setItem(OPEN_KEY, value);
    } catch {
      // Storage is refused on this page: nothing to remember with.
    }
  }

  /** @param {() => void} action */
  function whenBody(action) {
    if (document.body) action();
    else document.addEventListener("DOMContentLoaded", action, { once: true });
  }
})();
