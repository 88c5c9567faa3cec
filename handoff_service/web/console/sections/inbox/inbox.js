// @ts-check
/** One list of the inbox with what stands around it. */

import { ApiError } from "../../api.js";
import { hashOf } from "../../router.js";
import { maySupervise } from "../../roles.js";
import { html, useEffect, useMemo, useReducer, useState } from "../../vendor/preact.js";
import { activeFilters, hashOfAsks, queryOf } from "./asks.js";
import { BulkBar } from "./bulk.js";
import { FilterBar } from "./filterbar.js";
import { VirtualList } from "./list.js";
import { createListing } from "./listing.js";
import { InboxRow } from "./row.js";
import { askToSave } from "./saving.js";
import { Views } from "./views.js";
import { watchCalmly } from "./watching.js";

/** @typedef {import("../../context.js").SectionContext} SectionContext */
/** @typedef {import("../../../shared/i18n.js").Translate} Translate */
/** @typedef {import("./asks.js").Asks} Asks */
/** @typedef {import("./listing.js").Row} Row */
/** @typedef {import("./views.js").SavedFilter} SavedFilter */
/** @typedef {{move: (by: number) => void, open: () => void, choose: () => void, apply: () => void}} Hands */

/** Clocks of those who wait move on this often. */
const TICK_MS = 5_000;

/** Where each list was left, for who comes back to it. @type {Map<string, {top: number, active: number}>} */
const places = new Map();

/** @param {{asks: Asks, context: SectionContext, t: Translate, hands: Hands}} props */
export function Inbox({ asks, context, t, hands }) {
  const here = hashOfAsks(asks);
  const place = useMemo(() => places.get(here) ?? { top: 0, active: -1 }, []);
  const [, draw] = useReducer((/** @type {number} */ count) => count + 1, 0);
  const [active, setActive] = useState(place.active);
  const [chosen, setChosen] = useState(/** @type {Set<string>} */ (new Set()));
  const around = useAround(context);
  const listing = useMemo(
    () =>
      createListing(
        (place) => context.api.get(`/api/inbox?${queryOf({ ...asks, tz: zone(), ...place })}`),
        () => draw(undefined),
      ),
    [],
  );
  const { rows } = listing;
  const now = Date.now() + listing.offsetMs;
  const choosable = maySupervise(context.agent.role);
  const title = t(`view_${asks.view}`);

  useEffect(() => {
    void listing.load();
    const stop = watchCalmly(context.live, (ids) => {
      void around.readCounts();
      void listing.refresh(ids);
    });
    const tick = setInterval(() => draw(undefined), TICK_MS);
    return () => {
      listing.close();
      stop();
      clearInterval(tick);
    };
  }, []);
  useEffect(() => {
    // Nothing moves under a pointer, or for who reads further down.
    if (listing.fresh.size && !isPointedAt() && place.top === 0) void listing.apply();
  });
  useEffect(() => {
    place.active = active;
    places.set(here, place);
  }, [active]);

  Object.assign(hands, {
    move(/** @type {number} */ by) {
      if (rows.length) setActive(Math.min(Math.max(active + by, 0), rows.length - 1));
    },
    open() {
      const row = rows[active];
      if (row) context.go(hashOf("conversation", row.conversation_id));
    },
    choose() {
      const row = rows[active];
      if (row && choosable) choose(row);
    },
    apply: () => void listing.apply(),
  });

  return html`<${Views}
      asks=${asks}
      counts=${around.counts}
      saved=${around.saved}
      hidden=${context.agent.teams?.length ? [] : ["teams"]}
      save=${
        asks.text || activeFilters(asks).length
          ? () => askToSave(context, t, asks, around.readSaved)
          : null
      }
      remove=${around.remove}
      t=${t}
    />
    <section class="listed" aria-label=${title}>
      <h1>${title}</h1>
      <${FilterBar}
        asks=${asks}
        ask=${(/** @type {Asks} */ wanted) => context.go(hashOfAsks(wanted))}
        rows=${rows}
        directory=${around.directory}
        t=${t}
        words=${context.t}
      />
      ${
        chosen.size === 0
          ? null
          : html`<${BulkBar}
              ids=${[...chosen]}
              context=${context}
              tags=${around.directory?.tags ?? []}
              t=${t}
              done=${() => setChosen(new Set())}
            />`
      }
      <div class="news" role="status">
        ${
          listing.fresh.size
            ? html`<button
                type="button"
                class="secondary"
                data-testid="inbox-news"
                onClick=${() => listing.apply()}
              >
                ${t("news", { count: listing.fresh.size })}
              </button>`
            : null
        }
      </div>
      ${listing.status === "failed" ? failure() : rows.length ? list() : nothing()}
    </section>`;

  function list() {
    return html`<${VirtualList}
      rows=${rows}
      label=${title}
      active=${active}
      top=${place.top}
      scrolled=${(/** @type {number} */ top) => (place.top = top)}
      keyOf=${(/** @type {Row} */ row) => row.conversation_id}
      nearEnd=${() => void listing.more()}
      draw=${(/** @type {Row} */ row, /** @type {number} */ index) =>
        html`<${InboxRow}
          row=${row}
          now=${now}
          gone=${listing.gone.has(row.conversation_id)}
          active=${index === Math.max(active, 0)}
          focused=${index === active}
          chosen=${choosable ? chosen.has(row.conversation_id) : null}
          choose=${() => choose(row)}
          enter=${() => setActive(index)}
          t=${t}
          words=${context.t}
          locale=${context.locale}
        />`}
    />`;
  }

  function nothing() {
    const filtered = asks.text || activeFilters(asks).length;
    const key = listing.status === "loading" ? "loading" : filtered ? "none_found" : "none";
    return html`<p class="empty" data-testid="inbox-empty">${t(key)}</p>`;
  }

  function failure() {
    const { problem } = listing;
    const bad = problem instanceof ApiError && problem.code === "bad_search";
    const text = bad ? searchProblem(problem.fields[0] ?? "", t) : context.explain(problem);
    return html`<div class="empty" role="alert" data-testid="inbox-problem">
      <p>${text}</p>
      ${
        bad
          ? html`<p>${t("search_help")}</p>`
          : html`<button type="button" class="secondary" onClick=${() => listing.load()}>
              ${t("again")}
            </button>`
      }
    </div>`;
  }

  /** @param {Row} row */
  function choose({ conversation_id }) {
    const more = new Set(chosen);
    if (!more.delete(conversation_id)) more.add(conversation_id);
    setChosen(more);
  }
}

/**
 * What stands around the list: how much is in each view, saved filters, colleagues and tags.
 * @param {SectionContext} context
 */
function useAround(context) {
  const [counts, setCounts] = useState(/** @type {Record<string, number>} */ ({}));
  const [saved, setSaved] = useState(/** @type {SavedFilter[]} */ ([]));
  const [directory, setDirectory] = useState(
    /** @type {import("../../context.js").Directory|null} */ (null),
  );
  useEffect(() => {
    void readCounts();
    void readSaved();
    context.directory().then(setDirectory, () => {}); // without it there is less to choose from
  }, []);
  return { counts, saved, directory, readCounts, readSaved, remove };

  async function readCounts() {
    const answer = await context.api.get("/api/inbox/counts").catch(() => null);
    if (answer) setCounts(answer.counts);
  }

  async function readSaved() {
    const answer = await context.api.get("/api/inbox/filters").catch(() => null);
    if (answer) setSaved(answer.filters);
  }

  /** @param {SavedFilter} one */
  async function remove(one) {
    try {
      await context.api.del(`/api/inbox/filters/${encodeURIComponent(one.id)}`);
    } catch (problem) {
      context.toast(context.explain(problem), "bad");
    }
    await readSaved();
  }
}

/** @param {string} problem what the API found wrong with the words @param {Translate} t */
function searchProblem(problem, t) {
  return problem.endsWith(":")
    ? t("search_bad_value", { name: problem })
    : t(`search_bad_${problem}`);
}

/** Whether the pointer rests on the list, or on what lies over it. */
function isPointedAt() {
  return document.querySelector(".inbox :is(.rows, .news):hover") !== null;
}

/** In which days are told apart: the reader's time zone. */
function zone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
