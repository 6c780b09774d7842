"use client";

import { useQuery } from "@tanstack/react-query";
import { api, data } from "@/api/client";

export const MEMBERS = ["members"];

/** The people of the workspace. */
export function useMembers() {
  return useQuery({ queryKey: MEMBERS, queryFn: () => data(api.GET("/api/members")) });
}

/** These names and the members', each once, in order. */
export function useWithMembers(names: readonly string[]): string[] {
  const { data: members } = useMembers();
  const all = new Set([...names, ...(members ?? []).map((member) => member.name)]);
  return [...all].sort((one, other) => one.localeCompare(other));
}
