// @ts-check
/** The page an agent signs in on: a password, a provider, or both. */

import { el, setText } from "../shared/dom.js";
import { ApiError, request, signIn } from "./api.js";
import { logo } from "./logo.js";

/**
 * @typedef {import("./entry/steps.js").Entered} Entered
 * @typedef {{t: import("../shared/i18n.js").Translate, locale: import("../shared/i18n.js").Locale,
 *   language: HTMLElement, done: (signedIn: import("./entry/steps.js").SignedIn) => void}} Context
 */

/**
 * @param {HTMLElement} region
 * @param {Context} context
 * @param {string} [failed] code of a sign-in by the provider that came to nothing
 */
export function showSignIn(region, context, failed = "") {
  const { t, language } = context;
  const login = el("input", {
    id: "login",
    name: "username",
    autocomplete: "username",
    autocapitalize: "none",
    spellcheck: "false",
    required: true,
    dataset: { testid: "signin-login" },
  });
  const password = el("input", {
    id: "password",
    name: "password",
    type: "password",
    autocomplete: "current-password",
    required: true,
    dataset: { testid: "signin-password" },
  });
  const error = el("p", {
    class: "error",
    role: "alert",
    dataset: { testid: "signin-error" },
    hidden: true,
  });
  const submit = el("button", {
    class: "primary",
    text: t("sign_in"),
    dataset: { testid: "signin-submit" },
  });
  const byPassword = el(
    "div",
    { class: "signin-password" },
    el("label", { for: "login", text: t("login") }),
    login,
    el("label", { for: "password", text: t("password") }),
    password,
    submit,
    el(
      "details",
      {},
      el("summary", { text: t("signin_forgotten") }),
      el("p", { text: t("signin_forgotten_about") }),
    ),
  );
  const provider = el("a", {
    class: "secondary signin-provider",
    href: "/api/oidc/start",
    hidden: true,
    dataset: { testid: "signin-oidc" },
  });
  const form = el(
    "form",
    { class: "signin", dataset: { testid: "signin-form" } },
    logo(),
    el("h1", { text: t("signin_title") }),
    error,
    provider,
    byPassword,
    language,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    error.hidden = true;
    try {
      await enter(region, await signIn(login.value.trim(), password.value), context);
    } catch (problem) {
      say(problem instanceof ApiError ? problem.code : "unreachable");
      password.select();
    } finally {
      submit.disabled = false;
    }
  });
  region.replaceChildren(form);
  region.hidden = false;
  (login.value ? password : login).focus();
  if (failed) say(failed);
  void showWaysIn();

  /** @param {string} code */
  function say(code) {
    const key = `signin_${code}`;
    setText(error, t(t(key) === key ? "signin_unreachable" : key));
    error.hidden = false;
  }

  async function showWaysIn() {
    try {
      const ways = await request("GET", "/api/sign-in");
      byPassword.hidden = !ways.password;
      provider.hidden = !ways.oidc;
      setText(provider, t("signin_by", { name: ways.oidc }));
    } catch {
      // The form says so as soon as somebody tries.
    }
  }
}

/**
 * Go on after the first step: in, or to the second.
 * @param {HTMLElement} region
 * @param {Entered} entered
 * @param {Context} context
 */
export async function enter(region, entered, context) {
  if (entered.step === "done") return context.done(entered);
  const { showSecondStep } = await import("./entry/steps.js");
  await showSecondStep(region, entered, {
    ...context,
    again: () => showSignIn(region, context),
  });
}
