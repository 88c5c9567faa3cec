// @ts-check
/** The page an agent signs in on. */

import { el, setText } from "../shared/dom.js";
import { ApiError, signIn } from "./api.js";
import { logo } from "./logo.js";

/**
 * @param {HTMLElement} region
 * @param {{t: import("../shared/i18n.js").Translate, language: HTMLElement,
 *   done: (signedIn: {agent: import("../shared/protocol.js").Agent, csrf_token: string}) => void}} context
 */
export function showSignIn(region, { t, language, done }) {
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
  const form = el(
    "form",
    { class: "signin", dataset: { testid: "signin-form" } },
    logo(),
    el("h1", { text: t("signin_title") }),
    el("label", { for: "login", text: t("login") }),
    login,
    el("label", { for: "password", text: t("password") }),
    password,
    error,
    submit,
    language,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    submit.disabled = true;
    error.hidden = true;
    try {
      done(await signIn(login.value.trim(), password.value));
    } catch (problem) {
      const code = problem instanceof ApiError ? problem.code : "unreachable";
      setText(error, t(SIGN_IN_ERRORS.has(code) ? `signin_${code}` : "signin_unreachable"));
      error.hidden = false;
      password.select();
    } finally {
      submit.disabled = false;
    }
  });
  region.replaceChildren(form);
  region.hidden = false;
  (login.value ? password : login).focus();
}

const SIGN_IN_ERRORS = new Set(["wrong_password", "rate_limited"]);
