"use client";

import { useState } from "react";

const KEPT = "vori.name";

/** Who speaks into this browser's microphone; empty: several people. It is kept for the next meeting. */
export function useSpeaker(): [string, (name: string) => void] {
  const [name, setName] = useState(() => localStorage.getItem(KEPT) ?? "");
  return [
    name,
    (now) => {
      localStorage.setItem(KEPT, now.trim());
      setName(now);
    },
  ];
}
