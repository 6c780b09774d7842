/** The keys that go places, after a `g`. */
export const PLACES = { m: "/", b: "/board/", t: "/tickets/", d: "/dashboard/", s: "/settings/" } as const;
export const NAMES = { m: "meetings", b: "board", t: "tickets", d: "dashboard", s: "settings" } as const;
export const LETTERS = Object.keys(PLACES) as (keyof typeof PLACES)[];

/** What opens the palette on this machine. */
export function chord(): string {
  return navigator.userAgent.includes("Mac OS") ? "⌘K" : "Ctrl K";
}
