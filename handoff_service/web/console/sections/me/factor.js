// @ts-check
/** One's own second factor: set up, taken away, new recovery codes. */

import { CodeForm, RecoveryCodes, Scan } from "../../entry/factor.js";
import { explain } from "../../entry/words.js";
import { html, useEffect, useState } from "../../vendor/preact.js";

/** @typedef {{set_ms: number|null, recovery_left: number, required: boolean}} Has */

/** @param {import("./page.js").Given} given */
export function Factor({ t, context }) {
  const [has, setHas] = useState(/** @type {Has|null} */ (null));
  const [begun, setBegun] = useState(
    /** @type {import("../../entry/factor.js").Begun|null} */ (null),
  );
  const [codes, setCodes] = useState(/** @type {string[]} */ ([]));
  /** Whether the session has another token now, which only a fresh page knows. */
  const [rotated, setRotated] = useState(false);
  const [wish, setWish] = useState(/** @type {""|"remove"|"renew"} */ (""));
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState("");
  const { api } = context;

  useEffect(() => void read(), []);

  return html`<section class="people-card" data-testid="me-factor">
    <h2>${t("second_factor")}</h2>
    ${codes.length ? html`<${RecoveryCodes} codes=${codes} t=${t} done=${kept} />` : has && shown(has)}
  </section>`;

  /** @param {Has} now */
  function shown(now) {
    if (begun) {
      return html`<${Scan} begun=${begun} t=${t} />
        <${CodeForm}
          label=${t("code")}
          submit=${t("factor_set")}
          problem=${problem}
          send=${(/** @type {string} */ code) => act(() => confirm(code))}
        />`;
    }
    if (now.set_ms === null) {
      return html`<p>${t(now.required ? "factor_required" : "factor_none")}</p>
        <form onSubmit=${begin}>
          <label for="factor-password">${t("current_password")}</label>
          <input
            id="factor-password"
            type="password"
            autocomplete="current-password"
            value=${password}
            data-testid="factor-password"
            onInput=${(/** @type {any} */ event) => setPassword(event.currentTarget.value)}
          />
          ${problem && html`<p class="error" role="alert">${problem}</p>`}
          <button class="primary" data-testid="factor-begin">${t("factor_begin")}</button>
        </form>`;
    }
    return html`<p data-testid="factor-on">${t("factor_on", { count: now.recovery_left })}</p>
      <div class="buttons">
        <button type="button" class="secondary" onClick=${() => setWish("renew")}>
          ${t("recovery_renew")}
        </button>
        ${
          !now.required &&
          html`<button type="button" class="secondary" onClick=${() => setWish("remove")}>
            ${t("factor_remove")}
          </button>`
        }
      </div>
      ${
        wish &&
        html`<${CodeForm}
          label=${t("code")}
          submit=${t(wish === "remove" ? "factor_remove" : "recovery_renew")}
          problem=${problem}
          send=${(/** @type {string} */ code) => act(() => carryOut(code))}
        />`
      }`;
  }

  async function read() {
    await act(async () => setHas(await api.get("/api/me/second-factor")));
  }

  /** @param {Event} event */
  async function begin(event) {
    event.preventDefault();
    await act(async () => setBegun(await api.post("/api/me/second-factor", { password })));
    setPassword("");
  }

  /** @param {string} code */
  async function confirm(code) {
    const answer = await api.put("/api/me/second-factor", { code });
    setBegun(null);
    setRotated(true);
    setCodes(answer.recovery_codes);
  }

  /** @param {string} code */
  async function carryOut(code) {
    if (wish === "remove") await api.post("/api/me/second-factor/remove", { code });
    else setCodes((await api.post("/api/me/recovery-codes", { code })).recovery_codes);
    setWish("");
    setHas(await api.get("/api/me/second-factor"));
  }

  function kept() {
    if (rotated) return location.reload();
    setCodes([]);
    void read();
  }

  /** @param {() => Promise<void>} work */
  async function act(work) {
    setProblem("");
    try {
      await work();
    } catch (error) {
      setProblem(explain(error, t));
    }
  }
}
