// @ts-check
/** The console around its sections: rail, keys, palette, address; the desk lives as long as it does. */

import { byId, el } from "../shared/dom.js";
import { toast } from "./alerts.js";
import { createCommands } from "./commands.js";
import { createContext, createDirectory } from "./context.js";
import { openDesk } from "./desk.js";
import { createKeys, listenToKeys } from "./keys.js";
import * as lazy from "./lazy.js";
import { createRail } from "./rail.js";
import { maySupervise, takesConversations } from "./roles.js";
import { go, hashOf, HOME, listenToRoute, note, parseHash } from "./router.js";
import { sectionsFor } from "./sections.js";
import { loadStyle } from "./style.js";

/** The address of one conversation: the desk shows it if this agent has it, else a section of this name. */
const CONVERSATION = "conversation";

/**
 * @param {{agent: import("../shared/protocol.js").Agent, csrfToken: string, locale: import("../shared/i18n.js").Locale,
 *   t: import("../shared/i18n.js").Translate, language: HTMLElement, signOut: () => void, signedOut: () => void}} given
 */
export async function openFrame({ agent, csrfToken, locale, t, language, signOut, signedOut }) {
  const regions = {
    frame: byId("frame", HTMLElement),
    desk: byId("desk", HTMLElement),
    section: byId("section", HTMLElement),
    toasts: byId("toasts", HTMLElement),
  };
  const life = new AbortController();
  const keys = createKeys();
  const commands = createCommands();
  const sections = sectionsFor(agent.role);
  /** Name of the section in sight. */
  let shown = HOME;
  /** @type {import("./sections.js").Opened|null} */
  let opened = null;
  /** @type {() => void} */
  let forgetKeys = () => {};

  const rail = createRail(
    byId("rail", HTMLElement),
    { sections, openPalette: () => void showPalette() },
    t,
  );
  const directory = createDirectory();
  const desk = await openDesk({
    agent,
    csrfToken,
    locale,
    t,
    toast: (text, mood) => toast(regions.toasts, text, mood),
    keys,
    commands,
    directory,
    tools: {
      showShortcuts: () => void showKeySheet(),
      showNotices: maySupervise(agent.role) ? () => void showNotices() : undefined,
      signOut,
      language,
    },
    visible: () => shown === HOME,
    selected: (id) => shown === HOME && note(hashOf(HOME, id)),
    reveal: (id) => (shown === HOME ? desk.select(id) : go(hashOf(HOME, id))),
    title: () => (shown === HOME ? "Baton" : `${t(`nav_${shown}`)} · Baton`),
    count: (waits) => rail.count(HOME, waits),
    signedOut,
  });
  const context = createContext(
    {
      agent,
      csrfToken,
      locale,
      t,
      live: desk.live,
      acts: desk.acts,
      commands,
      directory,
      count: rail.count,
    },
    regions.toasts,
  );
  commands.add(() =>
    sections
      .filter(({ hidden }) => !hidden)
      .map(({ name, key }) => ({
        id: `open ${name}`,
        label: t(`nav_${name}`),
        group: t("nav"),
        key,
        run: () => go(hashOf(name)),
      })),
  );
  keys.add(t("nav"), {
    ...Object.fromEntries(
      sections.flatMap(({ name, key }) =>
        key ? [[key, { label: t(`nav_${name}`), run: () => go(hashOf(name)) }]] : [],
      ),
    ),
    "mod+k": { label: t("palette"), run: () => void showPalette() },
    "?": { label: t("key_help"), run: () => void showKeySheet() },
  });
  regions.frame.hidden = false;
  listenToKeys(keys, life.signal);
  for (const news of ["welcome", "conversation"]) desk.live.on(news, moveToDesk);
  listenToRoute((route) => void show(route), life.signal);
  lazy.loadAhead();

  return {
    close() {
      life.abort();
      closeSection();
      desk.close();
      regions.frame.hidden = true;
    },
  };

  async function showKeySheet() {
    (await lazy.keySheet()).showKeys(keys, t);
  }

  async function showNotices() {
    (await lazy.notices()).showNotices({ t, locale, csrfToken });
  }

  async function showPalette() {
    const acts = keys
      .groups()
      .flatMap(({ title, keys }) =>
        Object.entries(keys).map(([key, { label, run, when }]) => ({
          id: `key ${key}`,
          label,
          group: title,
          key,
          run,
          when,
        })),
      )
      .filter(({ key, when }) => key !== "mod+k" && !/^\d$/.test(key) && (when?.() ?? true));
    const [{ openPalette }, more] = await Promise.all([lazy.palette(), commands.list()]);
    openPalette([...acts, ...more], t);
  }

  /** @param {import("./router.js").Route} route */
  async function show(route) {
    const { name, rest } = route;
    const [id] = rest;
    if (name === HOME && !takesConversations(agent.role)) return go(hashOf("learning"));
    if (name === HOME || (name === CONVERSATION && id && desk.holds(id))) return showDesk(id);
    const section = sections.find((candidate) => candidate.name === name);
    if (!section?.load) {
      context.toast(t("nav_unknown"), "bad");
      return go(hashOf(HOME));
    }
    if (name === shown && opened?.show) return opened.show(route);
    closeSection();
    inSight(name);
    const region = el("div", { class: "section", dataset: { section: name } });
    regions.section.replaceChildren(region);
    try {
      const [{ open }] = await Promise.all([
        section.load(),
        loadStyle(styleOf(section.style ?? name)),
      ]);
      if (!region.isConnected) return;
      const result = await open(region, { ...context, route });
      // Meanwhile the reader went elsewhere.
      if (!region.isConnected) return result.close();
      opened = result;
      forgetKeys = keys.add(t(`nav_${name}`), result.keys ?? {});
      if (result.focus) result.focus();
      else regions.section.focus();
    } catch (problem) {
      console.error(problem);
      if (region.isConnected) region.append(el("p", { class: "empty", text: t("section_failed") }));
    }
  }

  /** What is read elsewhere in the console and becomes this agent's goes on at the desk. */
  function moveToDesk() {
    const { name, rest } = parseHash(location.hash);
    const [id] = rest;
    if (name === CONVERSATION && id && desk.holds(id)) go(hashOf(HOME, id));
  }

  /** @param {string|undefined} id of a conversation */
  function showDesk(id) {
    const before = shown;
    closeSection();
    inSight(HOME);
    if (id) desk.select(id);
    if (before !== HOME) desk.focus();
  }

  /** @param {string} name */
  function inSight(name) {
    shown = name;
    rail.show(name);
    regions.desk.hidden = name !== HOME;
    regions.section.hidden = name === HOME;
    desk.render();
  }

  function closeSection() {
    forgetKeys();
    forgetKeys = () => {};
    opened?.close();
    opened = null;
    regions.section.replaceChildren();
  }
}

/** @param {string} section @returns {string} */
function styleOf(section) {
  return `/console/sections/${section}/${section}.css`;
}
