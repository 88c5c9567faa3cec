// @ts-check
/** The second step of signing in: a code, or setting up what makes codes. */

import { request } from "../api.js";
import { html, render, useEffect, useState } from "../vendor/preact.js";
import { CodeForm, RecoveryCodes, Scan } from "./factor.js";
import { explain, wordsOfPeople } from "./words.js";

/**
 * @typedef {import("../../shared/i18n.js").Translate} Translate
 * @typedef {{step: "done"|"code"|"enrol", agent: import("../../shared/protocol.js").Agent, csrf_token: string,
 *   ticket: string, recovery_codes: string[]}} Entered
 * @typedef {{agent: import("../../shared/protocol.js").Agent, csrf_token: string}} SignedIn
 */

/**
 * @param {HTMLElement} region
 * @param {Entered} first what the first step was answered with
 * @param {{t: Translate, locale: import("../../shared/i18n.js").Locale, done: (signedIn: SignedIn) => void,
 *   again: () => void}} context
 */
export async function showSecondStep(region, first, { t: console, locale, done, again }) {
  const t = await wordsOfPeople(locale, console);
  region.replaceChildren();
  render(html`<${Step} first=${first} t=${t} done=${finish} again=${back} />`, region);
  /** @type {HTMLElement|null} */ (region.querySelector("#factor-code"))?.focus();

  /** @param {SignedIn} signedIn */
  function finish(signedIn) {
    render(null, region);
    done(signedIn);
  }

  function back() {
    render(null, region);
    again();
  }
}

/** @param {{first: Entered, t: Translate, done: (signedIn: SignedIn) => void, again: () => void}} props */
function Step({ first, t, done, again }) {
  const [begun, setBegun] = useState(/** @type {import("./factor.js").Begun|null} */ (null));
  const [entered, setEntered] = useState(/** @type {Entered|null} */ (null));
  const [problem, setProblem] = useState("");
  const [recovery, setRecovery] = useState(false);
  const enrols = first.step === "enrol";

  useEffect(() => {
    if (enrols) {
      request("POST", "/api/login/factor", { body: { ticket: first.ticket } }).then(
        setBegun,
        (error) => setProblem(explain(error, t)),
      );
    }
  }, []);

  if (entered) {
    return html`<div class="signin">
      <${RecoveryCodes} codes=${entered.recovery_codes} t=${t} done=${() => done(entered)} />
    </div>`;
  }
  return html`<div class="signin" data-testid="second-step">
    <h1>${t(enrols ? "enrol_title" : "code_title")}</h1>
    ${enrols && html`<p>${t("enrol_about")}</p>`}
    ${begun && html`<${Scan} begun=${begun} t=${t} />`}
    <${CodeForm}
      label=${t(recovery ? "recovery_code" : "code")}
      submit=${t("sign_in")}
      problem=${problem}
      recovery=${recovery}
      send=${send}
    />
    ${
      !enrols &&
      html`<button type="button" class="link" onClick=${() => setRecovery(!recovery)}>
        ${t(recovery ? "use_app" : "use_recovery")}
      </button>`
    }
    <button type="button" class="link" onClick=${again}>${t("back")}</button>
  </div>`;

  /** @param {string} code */
  async function send(code) {
    try {
      const answer = await request("POST", "/api/login/code", {
        body: { ticket: first.ticket, code },
      });
      if (answer.recovery_codes.length) setEntered(answer);
      else done(answer);
    } catch (error) {
      setProblem(explain(error, t));
    }
  }
}
