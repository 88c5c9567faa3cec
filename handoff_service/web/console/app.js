// @ts-check
/** The console from its first moment: language, sign-in, frame, sign-out. */

import { byId, el } from "../shared/dom.js";
import {
  createTranslate,
  LANGUAGE_NAMES,
  loadMessages,
  LOCALES,
  pickLocale,
} from "../shared/i18n.js";
import { toast } from "./alerts.js";
import { signOut, whoAmI } from "./api.js";
import { openFrame } from "./frame.js";
import { go, hashOf, HOME, parseHash } from "./router.js";
import { enter as enterBy, showSignIn } from "./signin.js";
import { applyTheme } from "./theme.js";

/** @typedef {import("../shared/i18n.js").Locale} Locale */
/** @typedef {{agent: import("../shared/protocol.js").Agent, csrf_token: string}} SignedIn */

const LOCALE_KEY = "baton.console.locale";
/** Try again this long after the server could not be asked who is signed in. */
const RETRY_MS = 3_000;

let locale = pickLocale([localStorage.getItem(LOCALE_KEY), ...navigator.languages]);
/** @type {import("../shared/i18n.js").Translate} */
let t = (key) => key;
/** @type {SignedIn|null} */
let signedIn = null;
/** @type {{close: () => void}|null} */
let frame = null;

applyTheme();
await speak(locale);
await begin();

async function begin() {
  try {
    signedIn = await whoAmI();
  } catch {
    toast(byId("toasts", HTMLElement), t("signin_unreachable"), "bad");
    setTimeout(begin, RETRY_MS);
    return;
  }
  await show();
}

async function show() {
  frame?.close();
  frame = null;
  byId("signin", HTMLElement).hidden = true;
  const { name, rest } = parseHash(location.hash);
  const [detail = ""] = rest;
  const invited = name === "welcome";
  document.body.dataset.view = signedIn && !invited ? "desk" : "signin";
  if (invited) return showInvitation(detail);
  if (!signedIn) {
    const failed = name === "signin" ? detail : "";
    if (failed) go(hashOf(HOME));
    showSignIn(byId("signin", HTMLElement), entry(), failed);
    return;
  }
  frame = await openFrame({
    agent: signedIn.agent,
    csrfToken: signedIn.csrf_token,
    locale,
    t,
    language: languageSelect(),
    signOut: () => void leave(),
    signedOut: () => void enter(null),
  });
}

/** Somebody opened an invitation, or a link to a new password. @param {string} token */
async function showInvitation(token) {
  const region = byId("signin", HTMLElement);
  const { showWelcome } = await import("./entry/welcome.js");
  await showWelcome(region, token, {
    t,
    locale,
    language: languageSelect(),
    entered: (answer) => {
      go(hashOf(HOME));
      void enterBy(region, answer, entry());
    },
    leave: () => {
      go(hashOf(HOME));
      void show();
    },
  });
}

function entry() {
  return {
    t,
    locale,
    language: languageSelect(),
    done: (/** @type {SignedIn} */ result) => void enter(result),
  };
}

/** @param {SignedIn|null} result */
async function enter(result) {
  signedIn = result;
  await show();
}

async function leave() {
  try {
    await signOut(signedIn?.csrf_token ?? "");
  } catch {
    toast(byId("toasts", HTMLElement), t("error_other"), "bad");
    return;
  }
  signedIn = null;
  await show();
}

/** @param {Locale} wanted */
async function speak(wanted) {
  t = createTranslate(await loadMessages("console", wanted), wanted);
  locale = wanted;
  document.documentElement.lang = wanted;
}

function languageSelect() {
  const select = el(
    "select",
    { "aria-label": t("ui_language"), dataset: { testid: "language-select" } },
    ...LOCALES.map((name) =>
      el("option", {
        value: name,
        lang: name,
        selected: name === locale,
        text: LANGUAGE_NAMES[name],
      }),
    ),
  );
  select.addEventListener("change", async () => {
    const wanted = /** @type {Locale} */ (select.value);
    localStorage.setItem(LOCALE_KEY, wanted);
    await speak(wanted);
    await show();
  });
  return select;
}
