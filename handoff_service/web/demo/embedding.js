// @ts-check
/** What a shop pastes into its page, made by a script here because language and customer vary. */

/**
 * @param {Record<string, string>} wishes the tag's `data-…` attributes
 * @param {string} site what the file of sites calls this one
 * @param {string|null} [identity] who the customer is, signed
 */
export function embedWidget(wishes, site, identity) {
  const script = document.createElement("script");
  script.async = true;
  script.src = `/widget/loader.js?site=${encodeURIComponent(site)}`;
  Object.assign(script.dataset, wishes, identity ? { identity } : {});
  document.body.append(script);
}
