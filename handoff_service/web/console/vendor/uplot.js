// @ts-check
/** uPlot, which draws charts; its style sheet is /console/vendor/uplot/uplot.css. */

export { default as uPlot } from "./uplot/uplot.js";
