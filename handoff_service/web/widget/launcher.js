// @ts-check
/** The button and the frame, out of reach of the page's own styles. */

/**
 * How a site wants it to look.
 * @typedef {object} Look
 * @property {{light: [string, string], dark: [string, string]}} [colours] brand, and text on it
 * @property {string} [theme]
 * @property {string} [position]
 * @property {[number, number]} [offset] from the edges, px
 * @property {Record<string, [string, string]>} [labels]
 */

/** What the button is called. @type {Record<string, string>} */
const LABELS = {
  en: "Chat with us",
  "zh-Hans": "在线咨询",
  "zh-Hant": "線上諮詢",
  ru: "Написать нам",
  ko: "채팅 상담",
};

/** Windows in which the conversation takes all the room; companion.js knows them as well. */
const SMALL = "(max-width:480px),(max-height:420px)";

/** @param {Look} site @param {DOMStringMap} tag @param {{intend: () => void, toggle: () => void}} actions */
export function createLauncher(site, tag, { intend, toggle }) {
  /** @type {HTMLIFrameElement|undefined} */
  let frame;
  let label = "";
  let open = false;
  let unread = "";

  const root = make("div", {});
  root.dataset.baton = "";
  const shadow = root.attachShadow({ mode: "open" });
  // A constructed sheet passes a host's CSP that forbids inline styles.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles(site, tag));
  shadow.adoptedStyleSheets = [sheet];
  const badge = make("span", { hidden: true }, "badge");
  const button = make(
    "button",
    { type: "button", ariaHasPopup: "dialog", onclick: toggle },
    "launcher",
  );
  button.append(badge);
  shadow.append(button);
  for (const intent of ["pointerenter", "focus", "touchstart"])
    button.addEventListener(intent, intend, { once: true, passive: true });
  // Beside the body, not in it: pages that change their whole body keep us.
  const keeper = new MutationObserver(attach);
  keeper.observe(document.documentElement, { childList: true });
  attach();

  return {
    root,
    shadow,
    window: () => frame?.contentWindow,
    /** Load the conversation, once. @param {string} src */
    load(src) {
      if (frame) return;
      frame = make("iframe", { allow: "clipboard-write", src, title: label }, "frame");
      shadow.append(frame);
    },
    /** @param {boolean} on */
    show(on) {
      const inside = document.activeElement === root;
      open = on;
      name();
      // The next frame, so that a new iframe is laid out before it slides in.
      requestAnimationFrame(() => frame?.classList.toggle("o", open));
      if (!on && inside) button.focus();
    },
    /** Take the language that is nearest to this tag. @param {string} tag */
    speak(tag) {
      const zh = /^zh(.*(hant|tw|hk|mo))?/i.exec(tag);
      const short = zh ? `zh-Han${zh[1] ? "t" : "s"}` : tag.slice(0, 2);
      const locale = short in LABELS ? short : "en";
      label = site.labels?.[locale]?.[0] || LABELS[locale] || "";
      root.lang = locale;
      if (frame) frame.title = label;
      name();
      return locale;
    },
    /** @param {number} count of messages that nobody has read */
    count(count) {
      badge.hidden = !count;
      badge.textContent = String(count);
      unread = count ? ` (${count})` : "";
      name();
    },
    destroy() {
      keeper.disconnect();
      root.remove();
    },
  };

  function attach() {
    if (!root.isConnected) document.documentElement.append(root);
  }

  function name() {
    button.ariaLabel = label + unread;
    button.ariaExpanded = String(open);
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {object} props @param {string} [id] for tests
 */
function make(tag, props, id) {
  const element = Object.assign(document.createElement(tag), props);
  if (id) element.dataset.testid = `baton-${id}`;
  return element;
}

/** @param {Look} site @param {DOMStringMap} tag */
function styles(site, tag) {
  const { colour, position = site.position, theme = site.theme } = tag;
  const [x, y] = site.offset ?? [20, 20];
  // Black or white, whichever reads better: L* of 49.44 is the luminance at which they are alike.
  const asked = [colour, `lch(from ${colour} calc((49.44 - l)*infinity) 0 0)`];
  const { light, dark } = colour
    ? { light: asked, dark: asked }
    : (site.colours ?? { light: ["#0b6e5f", "#fff"], dark: ["#17594d", "#fff"] });
  const schemes = theme === "light" || theme === "dark" ? theme : "light dark";
  return `
:host{all:initial!important;display:block!important;color-scheme:${schemes}!important;--y:${y}px;
--x:${position === "start" ? `${x}px auto` : `auto ${x}px`}}
:host([hidden]),[hidden]{display:none!important}
button,iframe{position:fixed;inset-inline:var(--x);bottom:var(--y);z-index:2147483000;border:0;box-shadow:0 6px 24px #0005}
button{width:60px;height:60px;border-radius:50%;background:light-dark(${light[0]},${dark[0]});
color:light-dark(${light[1]},${dark[1]});cursor:pointer}
:focus-visible{outline:3px solid;outline-offset:-6px}
button:before{content:"";position:absolute;inset:16px;background:currentColor;forced-color-adjust:none;
clip-path:path("M5 2h18a4 4 0 0 1 4 4v10a4 4 0 0 1-4 4H13l-6 6v-6H5a4 4 0 0 1-4-4V6a4 4 0 0 1 4-4Z")}
[aria-expanded=true]:before{clip-path:path("M7 5l7 7 7-7 2 2-7 7 7 7-2 2-7-7-7 7-2-2 7-7-7-7Z")}
span{position:absolute;top:-4px;inset-inline-end:-4px;min-width:12px;padding:0 5px;border-radius:11px;background:#b3261e;color:#fff;
font:600 13px/22px system-ui}
iframe{bottom:calc(var(--y) + 72px);width:400px;max-width:calc(100vw - 40px);height:660px;max-height:calc(100dvh - var(--y) - 92px);
border-radius:16px;background:light-dark(#fff,#14191b);visibility:hidden;opacity:0;transition:.18s}
.o{visibility:visible;opacity:1}
@media ${SMALL}{iframe{inset:0;width:100%;max-width:none;height:100%;max-height:none;border-radius:0}
[aria-expanded=true]{visibility:hidden}}
@media (prefers-reduced-motion){*{transition:none}}`;
}
