/** The interface's words: Korean and English, by the reader's choice or their browser's.
 *
 * The frame's words are always there; a feature brings its own by importing them (`@/i18n/words/board`), so that a page
 * loads no others.
 */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type * as analytics from "./words/analytics";
import * as app from "./words/app";
import type * as board from "./words/board";
import type * as dashboard from "./words/dashboard";
import type * as live from "./words/live";
import type * as measures from "./words/measures";
import type * as meetings from "./words/meetings";
import type * as microphone from "./words/microphone";
import type * as minutes from "./words/minutes";
import type * as notifications from "./words/notifications";
import type * as said from "./words/said";
import type * as search from "./words/search";
import type * as settings from "./words/settings";
import type * as ticket from "./words/ticket";
import type * as tickets from "./words/tickets";
import type * as welcome from "./words/welcome";

/** Every word's name, like `app.close`: flat, so that the compiler needn't look through all of them at each use. */
type Names<Of, Within extends string = ""> = {
  [Name in keyof Of & string]: Of[Name] extends string ? `${Within}${Name}` : Names<Of[Name], `${Within}${Name}.`>;
}[keyof Of & string];

type Words = Record<
  | Names<typeof analytics.en>
  | Names<typeof app.en>
  | Names<typeof board.en>
  | Names<typeof dashboard.en>
  | Names<typeof live.en>
  | Names<typeof measures.en>
  | Names<typeof meetings.en>
  | Names<typeof microphone.en>
  | Names<typeof minutes.en>
  | Names<typeof notifications.en>
  | Names<typeof said.en>
  | Names<typeof search.en>
  | Names<typeof settings.en>
  | Names<typeof ticket.en>
  | Names<typeof tickets.en>
  | Names<typeof welcome.en>,
  string
>;

export const LANGUAGES = ["ko", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
const KEPT = "vori.language";

/** What the reader chose, else what the browser asks for. */
function preferred(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "ko" || kept === "en") return kept;
  return navigator.language.startsWith("ko") ? "ko" : "en";
}

export function choose(language: Language): void {
  localStorage.setItem(KEPT, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

void i18next.use(initReactI18next).init({
  resources: { en: { translation: app.en }, ko: { translation: app.ko } },
  lng: typeof window === "undefined" ? "en" : preferred(),
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  returnNull: false,
});

if (typeof window !== "undefined") document.documentElement.lang = i18next.language;

/** Add the words of an area. */
export function learn(words: Record<Language, object>): void {
  for (const language of LANGUAGES) i18next.addResourceBundle(language, "translation", words[language], true, true);
}

declare module "i18next" {
  interface CustomTypeOptions {
    keySeparator: false; // of the types alone: the words themselves are nested
    resources: { translation: Words };
  }
}
