// @ts-check
/** The desk of a signed-in agent: one state, one socket, one outbox, one render for each region. */

import { byId } from "../shared/dom.js";
import { upload } from "../shared/files.js";
import { openOutbox } from "../shared/outbox.js";
import { createSender } from "../shared/sender.js";
import { createLiveSocket, socketUrl } from "../shared/socket.js";
import { createActs } from "./acts.js";
import { setSound, setTitle, soundIsOn } from "./alerts.js";
import { whoAmI } from "./api.js";
import { createApi } from "./context.js";
import { addDeskKeys } from "./deskkeys.js";
import { frames } from "./frames.js";
import { createLists } from "./lists.js";
import { createLive } from "./live.js";
import { createOfferBar } from "./offerbar.js";
import { createPane } from "./pane.js";
import { createReceiver } from "./receiving.js";
import * as desk from "./state.js";
import { createTop } from "./top.js";
import { addTurnKeys } from "./turns.js";
import { createUnsent } from "./unsent.js";

/** @typedef {import("../shared/protocol.js").Frame} Frame */
/** @typedef {import("../shared/protocol.js").Presence} Presence */

/**
 * What the parts of the desk share.
 * @typedef {object} Desk
 * @property {desk.DeskState} state
 * @property {import("../shared/i18n.js").Translate} t
 * @property {(text: string, mood?: "plain"|"bad") => void} toast
 * @property {() => ReturnType<typeof createSender>} sender
 * @property {(frame: Frame) => boolean} send false: there is no connection
 * @property {(id: string) => void} select
 * @property {(id: string) => void} reveal bring the desk in sight, with this conversation
 * @property {(id: string) => boolean} isRead whether the conversation is before the agent's eyes
 * @property {{set: (status: Presence) => void, again: () => boolean}} presence
 * @property {() => Promise<import("./context.js").Directory>} directory
 * @property {() => void} render
 */

/** What is read is told at most this often. */
const READ_AFTER_MS = 500;

/**
 * @param {object} given
 * @param {import("../shared/protocol.js").Agent} given.agent
 * @param {string} given.csrfToken
 * @param {import("../shared/i18n.js").Locale} given.locale
 * @param {import("../shared/i18n.js").Translate} given.t
 * @param {(text: string, mood?: "plain"|"bad") => void} given.toast
 * @param {import("./keys.js").Keys} given.keys
 * @param {import("./commands.js").Commands} given.commands
 * @param {() => Promise<import("./context.js").Directory>} given.directory
 * @param {Pick<import("./top.js").TopActions, "showNotices"|"showShortcuts"|"signOut"|"language">} given.tools
 * @param {() => boolean} given.visible whether the desk is the section in sight
 * @param {(id: string) => void} given.reveal bring the desk in sight, with this conversation
 * @param {(id: string) => void} given.selected told which conversation the agent is at now
 * @param {() => string} given.title of the page
 * @param {(count: number) => void} given.count told how much waits for the agent
 * @param {() => void} given.signedOut the session has ended
 */
export async function openDesk(given) {
  const { agent, csrfToken, locale, t, toast, keys, commands, visible, reveal } = given;
  const state = desk.initialState(agent, locale);
  const regions = { desk: byId("desk", HTMLElement), banner: byId("banner", HTMLElement) };
  const life = new AbortController();
  /** @type {ReturnType<typeof setTimeout>|undefined} */
  let readTimer;
  let renderAsked = false;
  /** @type {string|null} the conversation of which colleagues know that this tab shows it */
  let viewed = null;
  /** @type {Presence|null} */
  let wishedPresence = null;

  /** @type {Desk} */
  const page = {
    state,
    t,
    toast,
    sender: () => sender,
    send: (frame) => socket.send(frame),
    select,
    reveal,
    directory: given.directory,
    isRead: (id) => visible() && !document.hidden && state.selected === id,
    presence: {
      set: setPresence,
      again: () => Boolean(wishedPresence && setPresence(wishedPresence)),
    },
    render,
  };
  const acts = createActs(page);
  const live = createLive(page.send);
  const receive = createReceiver(page);
  const top = createTop(byId("top", HTMLElement), {
    ...given.tools,
    setPresence,
    toggleSound: () => {
      setSound(!soundIsOn());
      render();
    },
  });
  const lists = createLists(byId("lists", HTMLElement), { select, resume: acts.resume });
  const offerBar = createOfferBar(
    byId("offer-bar", HTMLElement),
    { ...acts, open: ({ conversation_id }) => reveal(conversation_id) },
    t,
  );
  const unsent = createUnsent(byId("unsent", HTMLElement), acts, t);
  const pane = createPane(
    { pane: byId("pane", HTMLElement), details: byId("details", HTMLElement) },
    {
      ...acts,
      send: acts.say,
      refuseFile: () => toast(t("error_attachment_too_large"), "bad"),
      back: () => (regions.desk.dataset.open = "list"),
      toggleDetails: () => regions.desk.toggleAttribute("data-details"),
    },
    {
      agent,
      api: createApi(csrfToken),
      commands,
      directory: given.directory,
      keys,
      languages: agent.languages,
      live,
      locale,
      mark: acts.mark,
      send: page.send,
      t,
      toast,
    },
  );
  const socket = createLiveSocket({
    url: socketUrl("/ws/agent"),
    hello: () =>
      frames.hello({
        conversations: Object.fromEntries(
          [...state.conversations].map(([id, { lastSeq }]) => [id, lastSeq]),
        ),
      }),
    onFrame: (frame) => {
      receive(frame);
      live.receive(frame);
    },
    onConnection: (connection) => {
      state.connection = connection;
      if (connection !== "online") sender.disconnected();
      if (connection === "offline") void checkSession();
      render();
    },
  });
  const sender = createSender({
    outbox: openOutbox(`baton-console-${agent.agent_id}`),
    send: (frame) => socket.send(frame),
    reconnect: () => socket.reconnect(),
    onAcked: (messageId) => desk.applyAck(state, messageId),
    upload: (file, { conversation_id }, watch) =>
      upload(
        file,
        `/api/attachments?conversation_id=${encodeURIComponent(conversation_id)}`,
        ["X-CSRF-Token", csrfToken],
        watch,
      ),
    onUploadRefused: (message_id, code) => receive({ type: "error", message_id, code }),
    onChange: (entries) => {
      state.outbox = entries;
      render();
    },
  });

  await sender.load();
  const forgetTurnKeys = addTurnKeys(keys, t, acts.mark);
  const forgetKeys = addDeskKeys(page, acts, {
    keys,
    commands,
    visible,
    reply: pane.focusComposer,
    note: pane.writeNote,
  });
  const clock = setInterval(render, 1_000);
  socket.start();
  render();

  return {
    acts,
    live,
    render,
    /** @param {string} id @returns {boolean} whether this agent has the conversation or its offer */
    holds: (id) => state.conversations.has(id) || state.offers.has(id),
    select,
    focus: () => byId("pane", HTMLElement).focus(),
    close() {
      life.abort();
      clearInterval(clock);
      socket.stop();
      forgetKeys();
      forgetTurnKeys();
      pane.clear();
      setTitle("Baton", 0);
    },
  };

  /** A refused socket does not say why; whether the session has ended, the API knows. */
  async function checkSession() {
    const unknown = /** @type {const} */ ({});
    if ((await whoAmI().catch(() => unknown)) === null && !life.signal.aborted) given.signedOut();
  }

  /** A wish made before the connection stands is told as soon as it does.
   * @param {Presence} status */
  function setPresence(status) {
    wishedPresence = socket.send(frames.presence({ status })) ? null : status;
    return true;
  }

  /** @param {string} id */
  function select(id) {
    state.selected = id;
    given.selected(id);
    regions.desk.dataset.open = "pane";
    regions.desk.removeAttribute("data-details");
    render();
  }

  function render() {
    if (renderAsked || life.signal.aborted) return;
    renderAsked = true;
    queueMicrotask(() => {
      renderAsked = false;
      if (life.signal.aborted) return;
      document.body.dataset.connection = state.connection;
      regions.banner.hidden = state.connection === "online" || !state.welcomed;
      regions.banner.textContent = regions.banner.hidden ? "" : t("offline");
      markRead();
      tellView();
      top.render(state, t, soundIsOn());
      offerBar.render(state, !visible());
      unsent.render(state);
      lists.render(state, t);
      pane.render(state);
      const unread = [...state.conversations.values()].reduce(
        (sum, held) => sum + desk.unreadCount(held),
        0,
      );
      const waits = state.offers.size + unread;
      setTitle(given.title(), waits);
      given.count(waits);
    });
  }

  /** Tell colleagues which conversation this tab shows; a section in sight tells itself. */
  function tellView() {
    const held = visible() && state.conversations.has(state.selected ?? "");
    const shown = held ? state.selected : null;
    if (state.connection !== "online") viewed = null;
    else if (shown !== viewed && acts.view(shown)) viewed = shown;
  }

  /** What is on the screen counts as read. */
  function markRead() {
    const conversation = state.conversations.get(state.selected ?? "");
    if (!conversation || conversation.readSeq >= conversation.lastSeq) return;
    const id = conversation.summary.conversation_id;
    if (!page.isRead(id)) return;
    conversation.readSeq = conversation.lastSeq;
    // Once for what comes in a burst: each is written down, so that the customer sees it later, too.
    clearTimeout(readTimer);
    readTimer = setTimeout(
      () => socket.send(frames.read({ conversation_id: id, seq: conversation.readSeq })),
      READ_AFTER_MS,
    );
  }
}
