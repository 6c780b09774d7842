"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import { Menu, MenuHead, MenuItem } from "@/ui/menu";
import { clock } from "@/ui/time";
import { say } from "@/ui/toast";
import type { Line } from "./said";

const NONE: ReadonlySet<string> = new Set();

/** The utterances that are bookmarked, and how to bookmark one or take its bookmark away. */
export function useBookmarks(meetingId: string): { bookmarked: ReadonlySet<string>; toggle: (id: string) => void } {
  const { t } = useTranslation();
  const client = useQueryClient();
  const key = ["bookmarks", meetingId];
  const { data: bookmarked = NONE } = useQuery({
    queryKey: key,
    queryFn: async () => {
      const params = { path: { meeting_id: meetingId } };
      return new Set(await data(api.GET("/api/meetings/{meeting_id}/bookmarks", { params })));
    },
  });
  const { mutate } = useMutation({
    mutationFn: async (id: string) => {
      const params = { path: { meeting_id: meetingId, utterance_id: id } };
      const where = "/api/meetings/{meeting_id}/bookmarks/{utterance_id}";
      return new Set(await data(bookmarked.has(id) ? api.DELETE(where, { params }) : api.PUT(where, { params })));
    },
    onSuccess: (now) => client.setQueryData(key, now),
    onError: () => say(t("errors.unreachable")),
  });
  return { bookmarked, toggle: mutate };
}

/** The list of bookmarks; choosing one brings it into view. */
export function Bookmarks({ lines, reveal }: { lines: readonly Line[]; reveal: (id: string) => void }) {
  const { t } = useTranslation();
  const someone = t("live.someone");
  return (
    <Menu
      label={t("said.bookmarks", { count: lines.length })}
      button={<Bookmark aria-hidden size={18} fill={lines.length ? "currentColor" : "none"} />}
    >
      <MenuHead>{t(lines.length ? "said.bookmarked" : "said.noBookmarks")}</MenuHead>
      {lines.map((line) => (
        <MenuItem key={line.id} onChoose={() => reveal(line.id)}>
          <span className="text-meta text-quiet">{clock(line.startMs)}</span>
          <span className="max-w-72 truncate">
            {line.speaker ?? someone}: {line.final}
          </span>
        </MenuItem>
      ))}
    </Menu>
  );
}
