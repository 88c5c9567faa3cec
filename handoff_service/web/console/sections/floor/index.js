// @ts-check
/** The supervisor's floor: who waits, who is there, what is unusual, and what can be done about it. */

import { createTranslate, loadMessages } from "../../../shared/i18n.js";
import { html, render } from "../../vendor/preact.js";
import { createActs } from "./acts.js";
import { createFeed } from "./feed.js";
import { Floor } from "./page.js";

/** @param {HTMLElement} region @param {import("../../context.js").SectionContext} context */
export async function open(region, context) {
  const t = createTranslate(await loadMessages("floor", context.locale), context.locale);
  /** @type {import("./feed.js").Picture|null} */
  let picture = null;
  /** @type {string|null} the row that keys act on */
  let selected = null;
  let away = false;
  const acts = createActs(context, t, () => void feed.read());
  const feed = createFeed(context, {
    show(fresh) {
      picture = fresh;
      away = false;
      if (!rows().some(({ conversation_id }) => conversation_id === selected)) selected = null;
      draw();
    },
    fail() {
      away = true;
      draw();
    },
  });
  const clock = setInterval(draw, 1000);
  draw();
  await feed.read();

  return {
    close() {
      clearInterval(clock);
      feed.close();
      render(null, region);
    },
    focus: () => region.querySelector("h1")?.focus(),
    keys: {
      j: { label: t("key_next"), run: () => step(1), when: () => rows().length > 0 },
      k: { label: t("key_previous"), run: () => step(-1), when: () => rows().length > 0 },
      o: onSelected(t("open"), (row) => acts.open(row)),
      t: onSelected(t("take_over"), (row) => acts.takeOver(row)),
      m: onSelected(t("move"), (row) => acts.move(row)),
      w: onSelected(t("whisper"), (row) => acts.whisper(row), isTalk),
      n: { label: t("publish_notice"), run: () => acts.notice() },
    },
  };

  function draw() {
    render(
      html`<${Floor}
        picture=${picture}
        away=${away}
        now=${feed.now()}
        selected=${selected}
        select=${select}
        acts=${acts}
        locale=${context.locale}
        words=${context.t}
        t=${t}
      />`,
      region,
    );
  }

  /** Every conversation on the page, from the top. @returns {import("./feed.js").Row[]} */
  function rows() {
    return picture ? [...picture.waiting, ...picture.agents.flatMap(({ talks }) => talks)] : [];
  }

  /** @param {number} by */
  function step(by) {
    const ids = rows().map(({ conversation_id }) => conversation_id);
    const at = selected === null ? -1 : ids.indexOf(selected);
    const next = at < 0 ? (by > 0 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length;
    select(ids[next] ?? null);
    const row = /** @type {HTMLElement|null} */ (region.querySelector("[data-selected]"));
    row?.focus();
  }

  /** @param {string|null} id */
  function select(id) {
    selected = id;
    draw();
  }

  /** @param {import("./feed.js").Row} row @returns {boolean} whether an agent talks there */
  function isTalk(row) {
    return "state" in row && row.state === "assigned";
  }

  /**
   * @param {string} label
   * @param {(row: import("./feed.js").Row) => void} act
   * @param {(row: import("./feed.js").Row) => boolean} [fits]
   */
  function onSelected(label, act, fits = () => true) {
    const row = () => rows().find(({ conversation_id }) => conversation_id === selected);
    return {
      label,
      run() {
        const found = row();
        if (found) act(found);
      },
      when() {
        const found = row();
        return found !== undefined && fits(found);
      },
    };
  }
}
