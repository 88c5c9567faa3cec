// @ts-check
/** What was begun to write and not sent yet, by conversation, as long as the page is open. */

/** @type {Map<string, string>} */
const drafts = new Map();
/** The box that is open on a conversation. @type {Map<string, (text: string) => void>} */
const open = new Map();

/** @param {string} conversationId @param {"reply"|"note"} mode @returns {string|undefined} */
export function draftOf(conversationId, mode) {
  return drafts.get(`${mode} ${conversationId}`);
}

/** @param {string} conversationId @param {"reply"|"note"} mode @param {string} text */
export function keepDraft(conversationId, mode, text) {
  if (text) drafts.set(`${mode} ${conversationId}`, text);
  else drafts.delete(`${mode} ${conversationId}`);
}

/** The conversation is somebody else's now, and the draft went with it. @param {string} conversationId */
export function forgetDraft(conversationId) {
  keepDraft(conversationId, "reply", "");
  open.delete(conversationId);
}

/** Words that nobody took go back to where they were written, unless something else is there.
 * @param {string} conversationId @param {string} text */
export function keepText(conversationId, text) {
  if (draftOf(conversationId, "reply")) return;
  keepDraft(conversationId, "reply", text);
  open.get(conversationId)?.(text);
}

/** @param {string} conversationId @param {(text: string) => void} show */
export function boxIsOpen(conversationId, show) {
  open.set(conversationId, show);
}
