"use client";

/** Something small that this browser remembers, the same on every part of a page. */
import { useSyncExternalStore } from "react";

const watchers = new Set<() => void>();

function watch(told: () => void): () => void {
  watchers.add(told);
  addEventListener("storage", told);
  return () => {
    watchers.delete(told);
    removeEventListener("storage", told);
  };
}

/** The value under this key, empty if there is none, and how to keep another. */
export function useStored(key: string): [string, (value: string) => void] {
  const value = useSyncExternalStore(
    watch,
    () => localStorage.getItem(key) ?? "",
    () => "",
  );
  return [
    value,
    (next) => {
      localStorage.setItem(key, next);
      watchers.forEach((told) => told());
    },
  ];
}

/** Who sits here. */
export const NAME = "vori.name";
/** `off` where single keys do nothing. */
export const KEYS = "vori.keys";
