// @ts-check
/** The title of a tab that nobody looks at tells of new messages, and is itself again afterwards. */

/** How long each of the two titles stands, ms. */
const BEAT_MS = 1000;

export function createTitle() {
  let unread = 0;
  let original = "";
  let written = "";
  /** @type {ReturnType<typeof setInterval>|undefined} */
  let timer;
  document.addEventListener("visibilitychange", look);
  return {
    count,
    stop() {
      count(0);
      document.removeEventListener("visibilitychange", look);
    },
  };

  /** @param {number} messages that nobody has read */
  function count(messages) {
    unread = messages;
    look();
  }

  function look() {
    const wanted = unread && document.hidden;
    if (wanted && !timer) timer = setInterval(beat, BEAT_MS);
    if (wanted || !timer) return;
    clearInterval(timer);
    timer = undefined;
    if (document.title === written) document.title = original;
    written = "";
  }

  function beat() {
    // The page itself may have another title by now.
    const ours = document.title === written;
    if (!ours) original = document.title;
    document.title = ours ? original : `(${unread}) ${original}`;
    written = ours ? "" : document.title;
  }
}
