// @ts-check
/** Who is signed in at the demo shop: one of a few made-up customers, signed by the shop's server. */

import { el } from "../shared/dom.js";

const KEPT = "havelo.who";

/** @typedef {{who: string, name: string}} Person */

/** Whom one may be; nobody where Baton has no secret to sign with. @returns {Promise<Person[]>} */
export async function people() {
  const answer = await ask("/demo/people");
  return answer?.people ?? [];
}

/** Who is signed in, by the id the server knows them by. */
export function who() {
  return localStorage.getItem(KEPT);
}

/** @param {string|null} id @returns {Promise<string|null>} what the server signed */
export async function identityOf(id) {
  const answer = id && (await ask(`/demo/people/${encodeURIComponent(id)}`));
  return answer?.token ?? null;
}

/** Bring a fresh identity whenever one has expired, as any page does that stays open for hours. */
export function stayKnown() {
  const renew = async (/** @type {{code: string}} */ { code }) => {
    if (code === "identity_expired") tell("identify", await identityOf(who()));
  };
  tell("on", "identity_refused", renew);
}

/** Tell Baton, also before its script has come. @param {...any} call */
export function tell(...call) {
  const page = /** @type {any} */ (window);
  (page.Baton ??= []).push(call);
}

/**
 * The corner of the page where one signs in and out.
 * @param {HTMLElement} region
 * @param {import("../shared/i18n.js").Translate} t
 */
export async function showAccount(region, t) {
  const known = await people();
  region.hidden = !known.length;
  render();

  function render() {
    const person = known.find((one) => one.who === who());
    region.replaceChildren(...(person ? signedIn(person) : signedOut()));
  }

  /** @param {Person} person */
  function signedIn({ name }) {
    return [
      el("span", { text: name, dataset: { testid: "demo-signed-in" } }),
      action(t("sign_out"), () => become(null), "demo-sign-out"),
    ];
  }

  function signedOut() {
    const list = known.map(({ who, name }) =>
      el(
        "li",
        {},
        action(name, () => become(who), `demo-sign-in-${who}`),
      ),
    );
    const summary = el("summary", { text: t("sign_in"), dataset: { testid: "demo-sign-in" } });
    return [el("details", {}, summary, el("ul", { "aria-label": t("sign_in_as") }, ...list))];
  }

  /** @param {string|null} id */
  async function become(id) {
    const token = await identityOf(id);
    if (id) localStorage.setItem(KEPT, id);
    else localStorage.removeItem(KEPT);
    tell("identify", token);
    render();
    /** @type {HTMLElement|null} */ (region.querySelector("button, summary"))?.focus();
  }
}

/** @param {string} text @param {() => void} click @param {string} testid */
function action(text, click, testid) {
  return el("button", { type: "button", class: "plain", text, dataset: { testid }, on: { click } });
}

/** @param {string} address */
async function ask(address) {
  const response = await fetch(address);
  return response.ok ? response.json() : null;
}
