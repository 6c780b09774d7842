/** The interface's words: Korean and English, by the reader's choice or their browser's.
 *
 * The frame's words are always there; a feature brings its own by importing them (`@/i18n/words/board`), so that a page
 * loads no others.
 */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import * as app from "./words/app";
import type * as board from "./words/board";
import type * as dashboard from "./words/dashboard";
import type * as live from "./words/live";
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

type Words = typeof app.en &
  typeof board.en &
  typeof dashboard.en &
  typeof live.en &
  typeof meetings.en &
  typeof microphone.en &
  typeof minutes.en &
  typeof notifications.en &
  typeof said.en &
  typeof search.en &
  typeof settings.en &
  typeof ticket.en &
  typeof tickets.en &
  typeof welcome.en;

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
    resources: { translation: Words };
  }
}
