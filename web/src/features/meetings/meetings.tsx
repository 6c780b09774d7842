"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { Following } from "@/api/follow";
import { Button } from "@/ui/button";
import { Trouble } from "@/ui/trouble";
import { Filters } from "./filters";
import { Planned } from "./planned";
import { ALL, useMeetings, usePlans, type Wanted } from "./queries";
import { Row } from "./row";
import "@/i18n/words/meetings";

const SetUp = dynamic(() => import("./set-up").then((made) => made.SetUp));
const Upload = dynamic(() => import("./upload").then((made) => made.Upload));
const Join = dynamic(() => import("./join-panel").then((made) => made.JoinPanel));

/** The meetings that are to come, are and were, and the ways to begin one. */
export function Meetings({ following }: { following: Following }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(ALL);
  const plans = usePlans();
  const empty = following.state.meetings.size === 0 && plans.data?.length === 0;
  return (
    <section className="mx-auto max-w-3xl">
      <h1 className="text-display font-semibold">{t("meetings.title")}</h1>
      {empty && <p className="max-w-md py-8 text-quiet">{t("meetings.empty")}</p>}
      <Ways />
      {!empty && (
        <>
          <Filters wanted={wanted} onChange={setWanted} />
          <Planned wanted={wanted} plans={plans.data ?? []} />
          <Held wanted={wanted} onAll={() => setWanted(ALL)} following={following} />
        </>
      )}
      <Trouble error={plans.error} />
    </section>
  );
}

function Ways() {
  const { t } = useTranslation();
  const router = useRouter();
  const [open, setOpen] = useState<"" | "set-up" | "upload" | "join">("");
  const start = useMutation({
    mutationFn: () => data(api.POST("/api/meetings", { body: {} })),
    onSuccess: (meeting) => router.push(`/meeting/?id=${meeting.meeting_id}`),
  });
  const close = () => setOpen("");
  return (
    <div className="mt-4">
      <div className="flex flex-wrap gap-2">
        <Button look="main" onClick={() => start.mutate()} disabled={start.isPending}>
          {t("meetings.start")}
        </Button>
        <Button onClick={() => setOpen("set-up")}>{t("setup.open")}</Button>
        <Button onClick={() => setOpen("upload")}>{t("upload.open")}</Button>
        <Button onClick={() => setOpen("join")}>{t("join.open")}</Button>
      </div>
      <Trouble error={start.error} />
      {open === "set-up" && <SetUp onClose={close} />}
      {open === "upload" && <Upload onClose={close} />}
      {open === "join" && <Join onClose={close} />}
    </div>
  );
}

/** Meetings that have begun, newest first. */
function Held({ wanted, onAll, following }: { wanted: Wanted; onAll: () => void; following: Following }) {
  const { t } = useTranslation();
  const { data: found, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useMeetings(wanted);
  useNews(following);
  if (wanted.state === "planned") return null;
  const meetings = found?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <ul
        aria-label={t("meetings.title")}
        className="mt-4 divide-y divide-line rounded-card border border-line bg-card empty:hidden"
      >
        {meetings.map((meeting) => (
          <Row key={meeting.meeting_id} meeting={following.state.meetings.get(meeting.meeting_id) ?? meeting} />
        ))}
      </ul>
      {found && meetings.length === 0 && wanted !== ALL && (
        <p className="mt-4 flex flex-wrap items-center gap-3 text-quiet">
          {t("meetings.none")}
          <Button onClick={onAll}>{t("meetings.all")}</Button>
        </p>
      )}
      {hasNextPage && (
        <Button className="mt-4" onClick={() => void fetchNextPage()} disabled={isFetchingNextPage}>
          {t("meetings.more")}
        </Button>
      )}
      <Trouble error={error} />
    </>
  );
}

/** Ask anew when a meeting began, ended or got another name. */
function useNews({ last, state }: Following): void {
  const client = useQueryClient();
  const about = last?.kind === "meeting" ? last : null;
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ["meetings"] });
    void client.invalidateQueries({ queryKey: ["plans"] });
  }, [client, about, state.meetings.size]);
}
