// @ts-check
/** When the site speaks first: the rules it set, what is known of the visit, what was said before. */

/**
 * What must hold: the fact is at least so much (at most, with `most`), or its text has this form. A
 * fact of an event is named "@event.field".
 * @typedef {[fact: string, wanted: number|string, most?: 1]} Condition
 */
/**
 * As the server wrote it (handoff_service/proactive.py); the first that fits is said.
 * @typedef {{id: string, text: Record<string, string>, when: Condition[], every?: number}} Rule
 * `every`: said again after so many ms; without it once a visit
 */
/** @typedef {{rules: Rule[], caps: [number, number][], snooze: number}} Plan `caps`: within so many ms so
 * many at most; `snooze`: ms of silence after a dismissal */
/** @typedef {{visits: number, seen: number, began: number, until: number, off: number, shown: [string, number][]}} Memory */
/** @typedef {Record<string, any>} Facts */

/** After so long without a new page a visit is another one, ms. */
const VISIT_ENDS = 18e5;
/** After its last word a person is taken to be there for so long, ms. */
const PERSON_STAYS = 36e5;
const MEMORY = "baton.first";

/**
 * The rule by which to speak now.
 * @param {Plan} plan @param {Facts} facts @param {Memory} memory @param {number} now
 */
export function due({ rules, caps }, facts, { until, shown, began }, now) {
  if (now < until) return;
  if (caps.some(([ms, most]) => shown.filter(([, at]) => at > now - ms).length >= most)) return;
  return rules.find(
    ({ id, when, every }) =>
      !shown.some(([said, at]) => said === id && at >= (every ? now - every : began)) &&
      when.every(([fact, wanted, most]) => {
        const [name = "", field] = fact.split(".");
        const has = field ? facts[name]?.[field] : facts[name];
        if (typeof wanted === "string") return RegExp(wanted).test(has);
        return most ? has <= wanted : has >= wanted;
      }),
  );
}

/**
 * Watch the visit, and show a rule when it is due.
 * @param {Plan} plan of this site
 * @param {{isOpen: () => boolean, locale: () => string, show: (rule: Rule) => void}} page
 */
export function speakFirst(plan, { isOpen, locale, show }) {
  /** @type {Facts} */
  const facts = {};
  /** @type {Memory} */
  const memory = { visits: 0, seen: 0, began: 0, until: 0, off: 0, shown: [] };
  recallVisit();
  const now = Date.now();
  if (now - memory.seen > VISIT_ENDS) keep({ visits: memory.visits + 1, began: now });
  keep({ seen: now });
  const timer = setInterval(look, 1000, 1);

  return {
    /** Something happened on the page. @param {string} name @param {Facts} [props] */
    note(name, props) {
      facts[`@${name}`] = { ...props, $: 1 };
      look(0);
    },
    /** The customer sent it away; whoever does so twice wants no more. */
    dismiss() {
      keep({ off: memory.off + 1, until: memory.off ? 9e15 : Date.now() + plan.snooze });
    },
    /** Where the conversation is. @param {string} state */
    hear(state) {
      if (!/bot|closed/.test(state))
        keep({ until: Math.max(memory.until, Date.now() + PERSON_STAYS) });
    },
    stop: () => clearInterval(timer),
  };

  /** @param {number} seconds since the last look */
  function look(seconds) {
    if (document.hidden) return;
    const { pathname } = location;
    if (facts.path !== pathname) facts.seconds = facts.scrolled = 0;
    const seen = (100 * (scrollY + innerHeight)) / document.documentElement.scrollHeight;
    Object.assign(facts, {
      path: pathname,
      title: document.title,
      seconds: facts.seconds + seconds,
      scrolled: Math.max(facts.scrolled, seen),
      visits: memory.visits,
      locale: locale(),
    });
    recallVisit(); // Another tab may have spoken.
    const rule = isOpen() ? undefined : due(plan, facts, memory, Date.now());
    if (!rule) return;
    keep({ shown: [...memory.shown.slice(-19), [rule.id, Date.now()]] });
    show(rule);
  }

  function recallVisit() {
    try {
      Object.assign(memory, JSON.parse(localStorage[MEMORY]));
    } catch {
      // Nothing yet, or storage is refused: this page remembers for itself.
    }
  }

  /** @param {Partial<Memory>} part */
  function keep(part) {
    Object.assign(memory, part);
    try {
      localStorage[MEMORY] = JSON.stringify(memory);
    } catch {
      // As above.
    }
  }
}
