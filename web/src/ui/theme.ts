"use client";

/** Light or dark: the reader's choice, else the system's. */
import { useSyncExternalStore } from "react";
import { DARK, KEPT } from "./early";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

function keptTheme(): Theme {
  const kept = localStorage.getItem(KEPT);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function show(): void {
  const theme = keptTheme();
  document.documentElement.dataset.theme = theme === "system" ? (matchMedia(DARK).matches ? "dark" : "light") : theme;
}

const watchers = new Set<() => void>();

export function wear(theme: Theme): void {
  localStorage.setItem(KEPT, theme);
  show();
  watchers.forEach((told) => told());
}

function watch(told: () => void): () => void {
  const system = matchMedia(DARK);
  watchers.add(told);
  system.addEventListener("change", show);
  return () => {
    watchers.delete(told);
    system.removeEventListener("change", show);
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(watch, keptTheme, () => "system");
}
