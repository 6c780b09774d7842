/** The interface's words: Korean and English, by the reader's choice or their browser's. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import * as app from "./words/app";
import * as board from "./words/board";
import * as dashboard from "./words/dashboard";
import * as live from "./words/live";
import * as meetings from "./words/meetings";
import * as minutes from "./words/minutes";
import * as said from "./words/said";
import * as search from "./words/search";
import * as settings from "./words/settings";
import * as ticket from "./words/ticket";
import * as tickets from "./words/tickets";

const en = {
  ...app.en,
  ...board.en,
  ...dashboard.en,
  ...live.en,
  ...meetings.en,
  ...minutes.en,
  ...said.en,
  ...search.en,
  ...settings.en,
  ...ticket.en,
  ...tickets.en,
};
const ko: typeof en = {
  ...app.ko,
  ...board.ko,
  ...dashboard.ko,
  ...live.ko,
  ...meetings.ko,
  ...minutes.ko,
  ...said.ko,
  ...search.ko,
  ...settings.ko,
  ...ticket.ko,
  ...tickets.ko,
};

export const LANGUAGES = ["ko", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
const KEPT = "vori.language";

/** What the reader chose, else what the browser asks for. */
export function preferred(): Language {
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
  resources: { en: { translation: en }, ko: { translation: ko } },
  lng: typeof window === "undefined" ? "en" : preferred(),
  fallbackLng: "en",
  interpolation: { escapeValue: false },
  returnNull: false,
});

if (typeof window !== "undefined") document.documentElement.lang = i18next.language;

declare module "i18next" {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}
