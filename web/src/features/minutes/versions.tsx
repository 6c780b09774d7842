"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import { Button } from "@/ui/button";
import { moment } from "@/ui/time";
import { Trouble } from "@/ui/trouble";

/** How the minutes stood before, and the way back. */
export function Versions({ meetingId, current }: { meetingId: string; current: number }) {
  const { t, i18n } = useTranslation();
  const { data: versions = [] } = useQuery({
    queryKey: ["versions", meetingId, current],
    queryFn: () =>
      data(api.GET("/api/meetings/{meeting_id}/minutes/versions", { params: { path: { meeting_id: meetingId } } })),
  });
  const restore = useMutation({
    mutationFn: (version: number) => {
      const params = { path: { meeting_id: meetingId, version }, header: { "if-match": `"${current}"` } };
      return data(api.POST("/api/meetings/{meeting_id}/minutes/versions/{version}/restore", { params }));
    },
  });
  const earlier = versions.filter((each) => each.version !== current);
  if (earlier.length === 0) return null;
  return (
    <details className="mt-8 text-meta print:hidden">
      <summary className="text-quiet">{t("minutes.versions", { count: versions.length })}</summary>
      <ul className="mt-2 flex flex-col gap-1">
        {earlier.map((each) => (
          <li key={each.version} className="flex items-center justify-between gap-2">
            <a
              className="text-accent underline"
              href={`/api/meetings/${meetingId}/minutes?format=pdf&version=${each.version}`}
            >
              {each.version} · {moment(each.written_at, i18n.language)}
            </a>
            <Button look="quiet" className="min-h-8" onClick={() => restore.mutate(each.version)}>
              {t("minutes.restore")}
            </Button>
          </li>
        ))}
      </ul>
      <Trouble error={restore.error} />
    </details>
  );
}
