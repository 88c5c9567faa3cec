// @ts-check
/** A few words beside the button, before anybody asked; a click on them opens the conversation. */

/** @typedef {{text: string, onOpen: () => void, onDismiss: () => void}} Tease */

const CSS = `
.t{position:fixed;inset-inline:var(--x);bottom:calc(var(--y) + 72px);z-index:2147483000;display:flex;max-width:min(300px,100vw - 40px);
border-radius:16px;background:light-dark(#fff,#14191b);color:light-dark(#1b2326,#eef2f1);box-shadow:0 12px 48px #0005;
font:15px/1.4 system-ui;overflow-wrap:anywhere}
.t:empty{display:none}
.t button{all:unset;padding:14px;cursor:pointer;border-radius:16px}
.t button:before{all:unset}
.t button:focus-visible{outline:3px solid;outline-offset:-6px}
.t button+button:before{content:"✕"}`;

/** @param {ShadowRoot} shadow @param {() => string} closing what its second button is called */
export function createTeaser(shadow, closing) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  shadow.adoptedStyleSheets.push(sheet);
  // Empty at first, so that screen readers know the region when words come into it.
  const region = document.createElement("div");
  region.className = "t";
  region.role = "status";
  shadow.prepend(region);
  const hide = () => region.replaceChildren();
  return { show, hide };

  /** @param {Tease} tease */
  function show({ text, onOpen, onDismiss }) {
    const close = button("baton-teaser-close", onDismiss);
    close.ariaLabel = closing();
    const words = button("baton-teaser", onOpen);
    words.textContent = text;
    region.replaceChildren(words, close);
  }

  /** @param {string} testid @param {() => void} act */
  function button(testid, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.dataset.testid = testid;
    made.onclick = () => {
      hide();
      act();
    };
    return made;
  }
}
