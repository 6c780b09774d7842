"use client";

/** What the palette offers: what was found, what was opened lately, and what can be done. */
import type { TFunction } from "i18next";
import { useRouter } from "next/navigation";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { Hit } from "@/api/schema";
import { choose, LANGUAGES } from "@/i18n";
import { THEMES, wear } from "@/ui/theme";
import { clock } from "@/ui/time";
import { say } from "@/ui/toast";
import { reason } from "@/ui/trouble";
import { newTicket } from "./new-ticket";
import "@/i18n/words/search";

export interface Choice {
  id: string;
  text: string;
  /** What it is and where it comes from. */
  about?: string;
  to?: string;
  run?: () => void;
}

const PLACES = {
  meetings: "/",
  board: "/board/",
  tickets: "/tickets/",
  dashboard: "/dashboard/",
  settings: "/settings/",
};
const RECENT = "vori.recent";
const KEPT = 6;

function target(hit: Hit): string {
  if (hit.kind === "ticket") return `/board/?ticket=${hit.title}`;
  if (hit.kind === "minutes") return `/minutes/?id=${hit.meeting_id ?? ""}`;
  const moment = hit.start_ms === null ? "" : `&at=${hit.start_ms}`;
  return `/meeting/?id=${hit.meeting_id ?? ""}${moment}`;
}

export function found(hits: readonly Hit[], t: TFunction): Choice[] {
  return hits.map((hit) => ({
    id: `${hit.kind} ${hit.id}`,
    text: hit.text || hit.title,
    about: [
      t(`search.${hit.kind}`),
      ...(hit.text ? [hit.title] : []),
      ...(hit.speaker ? [hit.speaker] : []),
      ...(hit.start_ms === null ? [] : [clock(hit.start_ms)]),
    ].join(" · "),
    to: target(hit),
  }));
}

export function recent(): Choice[] {
  try {
    return JSON.parse(localStorage.getItem(RECENT) ?? "[]") as Choice[];
  } catch {
    return [];
  }
}

export function remember(choice: Choice): void {
  const others = recent().filter((other) => other.id !== choice.id);
  localStorage.setItem(RECENT, JSON.stringify([choice, ...others].slice(0, KEPT)));
}

export function fitting(commands: readonly Choice[], asked: string): Choice[] {
  const words = asked.toLowerCase().split(/\s+/);
  return commands.filter(({ text }) => words.every((word) => text.toLowerCase().includes(word)));
}

export function useCommands(onHelp: () => void): Choice[] {
  const { t } = useTranslation();
  const router = useRouter();
  const start = () => {
    data(api.POST("/api/meetings", { body: {} })).then(
      (meeting) => router.push(`/meeting/?id=${meeting.meeting_id}`),
      (error: unknown) => say(reason(error, t)),
    );
  };
  return [
    { id: "start", text: t("search.start"), run: start },
    { id: "new ticket", text: t("search.newTicket"), to: newTicket() },
    ...Object.entries(PLACES).map(([name, to]) => ({
      id: `go ${name}`,
      text: t("search.go", { place: t(`nav.${name as keyof typeof PLACES}`) }),
      to,
    })),
    ...THEMES.map((theme) => ({
      id: `theme ${theme}`,
      text: t("search.theme", { theme: t(`theme.${theme}`) }),
      run: () => wear(theme),
    })),
    ...LANGUAGES.map((language) => ({
      id: `language ${language}`,
      text: t("search.language", { language: t(`language.${language}`) }),
      run: () => choose(language),
    })),
    { id: "keys", text: t("search.shortcuts"), run: onHelp },
  ];
}
