// @ts-check
/** Which numbers stand together, and which stand on the card of another one. */

/** @type {Record<string, Record<string, string[]>>} room → number → those on its card */
export const ROOMS = {
  bot: {
    containment: ["resolved_containment"],
    handoff_rate: [],
    conversations: ["closed"],
    answers: [],
    helpful: [],
    marked: [],
  },
  waiting: {
    wait_p50: ["wait_p90", "wait_open_p50", "wait_open_p90"],
    frt_p50: ["frt_p90", "frt_open_p50", "frt_open_p90"],
    sla_met: [],
    abandonment: [],
    requests: [],
    messages_left: ["left_answered"],
  },
  people: {
    handled: ["transfer_rate"],
    aht: ["aht_p90", "wrap_up"],
    fcr: ["reopened"],
    resolution_p50: ["resolution_p90", "resolution_open_p50", "resolution_open_p90"],
    concurrency: [],
    utilisation: [],
  },
  voices: {
    csat: ["csat_response"],
    ces: ["ces_response"],
    nps: ["nps_response"],
  },
};
