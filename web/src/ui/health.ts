"use client";

import { useQuery } from "@tanstack/react-query";
import { Refusal } from "@/api/client";
import type { Health, Problem } from "@/api/schema";

const WELL_MS = 30_000;
const ILL_MS = 3_000;

/** How VORI's parts are. Asked again now and then, and more often while something isn't ready. */
export function useHealth() {
  return useQuery<Health>({
    queryKey: ["health"],
    queryFn: async () => {
      const answer = await fetch("/api/health");
      const body: unknown = await answer.json();
      if (answer.ok || answer.status === 503) return body as Health; // 503 tells of the parts as well
      throw new Refusal(body as Problem);
    },
    refetchInterval: ({ state }) => (state.data?.status === "ok" ? WELL_MS : ILL_MS),
    retry: false,
  });
}
