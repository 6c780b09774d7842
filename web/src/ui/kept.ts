"use client";

/** What this browser remembers of whoever uses it, the same on every part of a page. */
import { useSyncExternalStore } from "react";

/** Who speaks into this browser's microphone; empty: several people, or nobody said. */
export const NAME = "vori.name";
/** `off` where single keys do nothing. */
export const KEYS = "vori.keys";
/** Not empty once the reader has been welcomed. */
export const WELCOMED = "vori.welcomed";

const watchers = new Set<() => void>();

function watch(told: () => void): () => void {
  watchers.add(told);
  addEventListener("storage", told);
  return () => {
    watchers.delete(told);
    removeEventListener("storage", told);
  };
}

export function kept(key: string): string {
  return localStorage.getItem(key) ?? "";
}

export function keep(key: string, value: string): void {
  localStorage.setItem(key, value);
  watchers.forEach((told) => told());
}

/** The value under this key, empty if there is none, and how to keep another. */
export function useKept(key: string): [string, (value: string) => void] {
  const value = useSyncExternalStore(
    watch,
    () => kept(key),
    () => "",
  );
  return [value, (next) => keep(key, next)];
}
