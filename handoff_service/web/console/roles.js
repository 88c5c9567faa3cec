// @ts-check
/** What roles may do, as the pages need to know it: the server refuses all the same. */

/** Whether the role takes conversations at all; who does not only looks on. @param {string} role */
export function takesConversations(role) {
  return role !== "maintainer";
}

/** Whether the role takes conversations over, whispers, and tells all customers of problems. @param {string} role */
export function maySupervise(role) {
  return role === "supervisor" || role === "admin";
}
