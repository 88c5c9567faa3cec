// @ts-check
/** Review: one group at a time, one key each; the next is there before the last has reached the server. */

import {
  html,
  useEffect,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
} from "../../../vendor/preact.js";
import { isOpen, JobLine } from "../jobs.js";
import { Naming } from "../naming.js";
import { Picker } from "../picker.js";
import { useReading } from "../reading.js";
import { number, percent } from "../words.js";
import { Acts, ACTS } from "./acts.js";
import { articleOptions, intentOptions, useChoices } from "./choices.js";
import { GroupCard } from "./group.js";
import { NextList } from "./next.js";
import { dayOf } from "./day.js";
import { bringBack, drop, EMPTY, lookAt, lookedAt, LOW, move, take } from "./queue.js";
import { createSender, tabStore } from "./sending.js";

/** @typedef {import("./queue.js").Group} Group */
/** @typedef {{step: number, group: Group}} Done */

const PAGE = 30;

/** What is on its way outlives the room. @type {Map<string, import("./sending.js").Sender>} */
const senders = new Map();

/** @param {import("../index.js").Given & {jobs: import("../jobs.js").Jobs}} props */
export function Room({ jobs, ...given }) {
  const { t, context, explain, setKeys } = given;
  const { locale } = context;
  const sender = senderOf(context);
  const [blind, setBlind] = useState(false);
  const query = `/api/learning/queue?limit=${PAGE}${blind ? "&blind=1" : ""}`;
  const { answer, problem, read } = useReading(given, query);
  const [queue, setQueue] = useState(EMPTY);
  const [without, setWithout] = useState(/** @type {ReadonlySet<number>} */ (new Set()));
  const [asking, setAsking] = useState(/** @type {"intent"|"article"|"new_intent"|null} */ (null));
  const [done, setDone] = useState(/** @type {Done[]} */ ([]));
  const [, redraw] = useReducer((/** @type {number} */ count) => count + 1, 0);
  const reading = useRef(false);
  const today = dayOf(context.agent.agent_id);
  const group = lookedAt(queue);
  const choices = useChoices(given, group?.group_id ?? null);

  useEffect(() => {
    if (!answer) return;
    const groups = answer.groups.filter(
      (/** @type {Group} */ { group_id, example }) =>
        example && !sender.groups().includes(group_id),
    );
    setQueue((now) => take(now, { ...answer, groups }));
  }, [answer]);
  useEffect(() => setQueue(EMPTY), [blind]);
  useEffect(() => setWithout(new Set()), [group?.group_id]);
  useEffect(() => {
    if (queue.loaded && queue.groups.length <= LOW && queue.after !== null) void readMore();
  }, [queue]);
  useEffect(() => {
    sender.tell({ changed: () => redraw(undefined), refused });
    const stay = (/** @type {BeforeUnloadEvent} */ event) => {
      if (sender.waiting()) event.preventDefault();
    };
    addEventListener("beforeunload", stay);
    return () => {
      sender.tell({ changed() {}, refused() {} });
      removeEventListener("beforeunload", stay);
    };
  }, [sender]);
  useLayoutEffect(() =>
    setKeys({
      ...Object.fromEntries(
        ACTS.map(([name, key]) => [
          key,
          { label: t(`act_${name}`), run: () => act(name), when: () => Boolean(group) },
        ]),
      ),
      u: { label: t("undo"), run: undo, when: () => done.length > 0 },
      j: { label: t("skip"), run: () => step(1), when: () => Boolean(group) },
      k: { label: t("key_previous"), run: () => step(-1), when: () => Boolean(group) },
      b: { label: t("second_opinion"), run: () => setBlind(!blind) },
      g: { label: t("group_again"), run: collect },
    }),
  );

  const collecting = jobs.last("collect", "group");
  const { agreement } = queue;
  return html`<div class="learning-review">
    <aside class="learning-side">
      <p class="learning-progress" role="status" data-testid="learning-progress">
        ${t("decided_today", { count: today.count() })}<br />
        ${t("still_open", { count: number(queue.open, locale) })}
      </p>
      ${
        agreement &&
        agreement.pairs > 0 &&
        html`<p class="learning-note" data-testid="learning-agreement">
          ${t("agreement", { share: percent(agreement.agreed / agreement.pairs, locale), count: agreement.pairs })}
          ${agreement.kappa !== null ? html`<br />${t("kappa", { value: number(agreement.kappa, locale, 2) })}` : null}
        </p>`
      }
      <label class="learning-check">
        <input
          type="checkbox"
          checked=${blind}
          data-testid="learning-blind"
          onChange=${() => setBlind(!blind)}
        />
        ${t("second_opinion")}
      </label>
      <${NextList}
        queue=${queue}
        pick=${(/** @type {number} */ id) => setQueue(lookAt(queue, id))}
        t=${t}
      />
    </aside>
    <div class="learning-main">
      <${Sending} sender=${sender} t=${t} />
      <${JobLine} job=${collecting} jobs=${jobs} ...${given} />
      ${problem && html`<p class="error" role="alert">${problem}</p>`}
      ${
        group
          ? html`<${GroupCard}
                group=${group}
                without=${without}
                blind=${blind}
                leaveOut=${leaveOut}
                ...${given}
              />
              <${Acts} act=${act} undo=${done.length ? undo : null} skip=${() => step(1)} t=${t} />`
          : html`<div class="learning-empty" data-testid="learning-none">
              <p>${t(queue.loaded ? (blind ? "none_for_second" : "none_to_review") : "loading")}</p>
              ${
                queue.loaded &&
                html`<div class="buttons">
                  <button
                    type="button"
                    class="secondary"
                    disabled=${isOpen(collecting)}
                    onClick=${collect}
                  >
                    ${t("group_again")}
                  </button>
                  ${
                    done.length > 0 &&
                    html`<button
                      type="button"
                      class="secondary"
                      data-testid="learning-undo"
                      onClick=${undo}
                    >
                      ${t("undo")}
                    </button>`
                  }
                </div>`
              }
            </div>`
      }
    </div>
    ${group && asking && dialog(group)}
  </div>`;

  /** @param {Group} shown */
  function dialog(shown) {
    const close = () => setAsking(null);
    if (asking === "new_intent")
      return html`<${Naming}
        known=${choices?.intents.map(({ name }) => name) ?? []}
        choose=${(/** @type {string} */ intent) => decide(shown, { verdict: "new_intent", intent })}
        close=${close}
        t=${t}
      />`;
    const articles = asking === "article";
    return html`<${Picker}
      title=${t(articles ? "pick_article" : "pick_intent")}
      options=${choices && (articles ? articleOptions(choices) : intentOptions(choices, shown, t))}
      choose=${(
        /** @type {import("../picker.js").Option & {locale?: string, key: string}} */ option,
      ) =>
        decide(
          shown,
          articles
            ? { verdict: "article", article_id: option.key, locale: option.locale }
            : { verdict: "intent", intent: option.key },
        )}
      close=${close}
      none=${t("nothing_fits")}
      testid="learning-picker"
      t=${t}
    />`;
  }

  /** @param {import("./acts.js").Act} name */
  function act(name) {
    if (!group) return;
    if (name === "intent" || name === "article" || name === "new_intent") setAsking(name);
    else decide(group, { verdict: name });
  }

  /** @param {Group} shown @param {import("./sending.js").Body} body */
  function decide(shown, body) {
    const left = [...without];
    const id = sender.decide(shown.group_id, left.length ? { ...body, without: left } : body);
    setDone((before) => [...before, { step: id, group: shown }]);
    setQueue((now) => drop(now, shown.group_id));
    today.add(1);
    document.getElementById("learning-asked")?.closest(".section")?.scrollTo?.({ top: 0 });
  }

  function undo() {
    const last = done.at(-1);
    if (!last) return;
    sender.withdraw(last.step);
    today.add(-1);
    setDone(done.slice(0, -1));
    setQueue((now) => bringBack(now, last.group));
  }

  /** @param {import("./sending.js").Step} refusedStep @param {unknown} why */
  function refused(refusedStep, why) {
    context.toast(explain(why), "bad");
    setDone((before) => {
      const found = before.find(({ step: id }) => id === refusedStep.id);
      if (found) {
        today.add(-1);
        setQueue((now) => bringBack(now, found.group));
      }
      return before.filter(({ step: id }) => id !== refusedStep.id);
    });
    void read();
  }

  /** @param {number} by */
  function step(by) {
    setQueue((now) => move(now, by));
  }

  /** @param {number} phraseId */
  function leaveOut(phraseId) {
    const next = new Set(without);
    if (!next.delete(phraseId)) next.add(phraseId);
    setWithout(next);
  }

  function collect() {
    void jobs.ask("collect").then((job) => job && jobs.ask("group"));
  }

  async function readMore() {
    if (reading.current) return;
    reading.current = true;
    try {
      const more = await context.api.get(
        `${query}&after=${encodeURIComponent(String(queue.after))}`,
      );
      setQueue((now) => take(now, more, true));
    } catch (why) {
      context.toast(explain(why), "bad");
    } finally {
      reading.current = false;
    }
  }
}

/** @param {{sender: import("./sending.js").Sender, t: import("../../../../shared/i18n.js").Translate}} props */
function Sending({ sender, t }) {
  const count = sender.waiting();
  return html`<div role="status" data-testid="learning-sending" data-waiting=${count}>
    ${
      count > 0 &&
      sender.failing() &&
      html`<p class="learning-job bad">
        ${t("not_sent", { count })}
        <button type="button" class="link" onClick=${() => sender.again()}>${t("again")}</button>
      </p>`
    }
  </div>`;
}

/** @param {import("../../../context.js").SectionContext} context */
function senderOf({ agent, api }) {
  const known = senders.get(agent.agent_id);
  if (known) return known;
  const made = createSender({
    post: api.post,
    del: api.del,
    store: tabStore(`baton-learning-${agent.agent_id}`),
  });
  senders.set(agent.agent_id, made);
  return made;
}
