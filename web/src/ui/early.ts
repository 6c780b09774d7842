export const KEPT = "vori.theme";
export const DARK = "(prefers-color-scheme: dark)";

/** Runs before the page is drawn, so that nobody sees the other colours flash. */
export const EARLY = `(function(){var t=localStorage.getItem("${KEPT}");document.documentElement.dataset.theme=t==="light"||t==="dark"?t:matchMedia("${DARK}").matches?"dark":"light"})()`;
