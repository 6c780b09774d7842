"use client";

import { useTranslation } from "react-i18next";
import "@/i18n/words/live";

/** A voice's name; of one that nobody named its number. */
export function useWho(): (who: string) => string {
  const { t } = useTranslation();
  return (who) => {
    const number = /^[0-9a-f-]{36}:(\d+)$/.exec(who)?.[1];
    return number ? t("live.voice", { number }) : who;
  };
}
