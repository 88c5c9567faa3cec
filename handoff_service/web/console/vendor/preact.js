// @ts-check
/** Preact with its hooks, and markup written in templates (htm). */

import { h } from "./preact/core.js";
import htm from "./preact/htm.js";

export {
  Component,
  createContext,
  createRef,
  Fragment,
  h,
  options,
  render,
} from "./preact/core.js";
export {
  useCallback,
  useContext,
  useEffect,
  useErrorBoundary,
  useId,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
} from "./preact/hooks.js";

/** Make a tree of elements from a template: html`<p class=${name}>${text}</p>`. */
export const html =
  /** @type {(strings: TemplateStringsArray, ...values: any[]) => import("preact").VNode} */ (
    htm.bind(h)
  );
