"use client";

import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { MeetingOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { useLive } from "@/ui/follow";
import { Trouble } from "@/ui/trouble";

/** The meetings that were and are, and the button that begins one. */
export function Meetings() {
  const { t } = useTranslation();
  const { state, connection } = useLive(null);
  const [wanted, setWanted] = useState("");
  const meetings = [...state.meetings.values()]
    .filter((meeting) => meeting.title.toLowerCase().includes(wanted.trim().toLowerCase()))
    .sort((one, other) => other.started_at.localeCompare(one.started_at));
  if (connection === "connecting") return null;
  const empty = state.meetings.size === 0;
  return (
    <section className="mx-auto max-w-3xl">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-display font-semibold">{t("meetings.title")}</h1>
        {!empty && <Start />}
      </div>
      {empty ? (
        <div className="flex flex-col items-center gap-6 py-24 text-center">
          <p className="max-w-md text-quiet">{t("meetings.empty")}</p>
          <Start />
        </div>
      ) : (
        <>
          <input
            type="search"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
            placeholder={t("meetings.search")}
            aria-label={t("meetings.search")}
            className="mt-6 min-h-10 w-full rounded-control border border-line bg-card px-3"
          />
          <ul className="mt-4 divide-y divide-line rounded-card border border-line bg-card">
            {meetings.map((meeting) => (
              <li key={meeting.meeting_id}>
                <Row meeting={meeting} />
              </li>
            ))}
            {meetings.length === 0 && <li className="p-4 text-quiet">{t("meetings.none")}</li>}
          </ul>
        </>
      )}
    </section>
  );
}

function Row({ meeting }: { meeting: MeetingOut }) {
  const { t, i18n } = useTranslation();
  const live = meeting.status === "live";
  const when = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeStyle: "short" });
  const facts = [
    when.format(new Date(meeting.started_at)),
    t(live ? "meetings.live" : "meetings.ended"),
    ...(meeting.rehearsal ? [t("meetings.rehearsal")] : []),
  ];
  return (
    <Link href={`/meeting/?id=${meeting.meeting_id}`} className="flex items-center gap-3 p-4 hover:bg-sand">
      <span aria-hidden className={`size-2 rounded-full ${live ? "bg-danger" : "bg-line"}`} />
      <span className="min-w-0 flex-1 truncate font-medium">{meeting.title}</span>
      <span className="text-meta text-quiet">{facts.join(" · ")}</span>
    </Link>
  );
}

function Start() {
  const { t } = useTranslation();
  const router = useRouter();
  const start = useMutation({
    mutationFn: () => data(api.POST("/api/meetings", { body: {} })),
    onSuccess: (meeting) => router.push(`/meeting/?id=${meeting.meeting_id}`),
  });
  return (
    <div>
      <Button look="main" onClick={() => start.mutate()} disabled={start.isPending}>
        {t("meetings.start")}
      </Button>
      <Trouble error={start.error} />
    </div>
  );
}
