"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { MeetingNamed, TicketNamed, WithheldOut } from "@/api/schema";
import { Trouble } from "@/ui/trouble";
import { Behind, type Proof } from "./behind";
import { Bottlenecks, Done, Flow, Stays } from "./flow";
import { Anomalies, Insights } from "./found";
import { Heat } from "./heat";
import { Now } from "./now";
import { Standing } from "./standing";
import { Take } from "./take";
import { Measures, Score, Series } from "./team";
import { Topics } from "./topics";
import "@/i18n/words/analytics";

/** Everything about a span at once, so that the page moves once. */
async function ask(days: number) {
  const params = { params: { query: { days } } };
  const [team, work, topics, keywords, insights, anomalies] = await Promise.all([
    data(api.GET("/api/analytics/team", params)),
    data(api.GET("/api/analytics/workflow", params)),
    data(api.GET("/api/analytics/topics", params)),
    data(api.GET("/api/analytics/keywords", params)),
    data(api.GET("/api/analytics/insights", params)),
    data(api.GET("/api/analytics/anomalies", params)),
  ]);
  return { team, work, topics, keywords, insights, anomalies };
}

const LOOK_MS = 10_000;
/** So often one looks whether analytics has joined. */
const AGAIN_MS = 30_000;
/** And for what was reckoned since. */

type Asked = Awaited<ReturnType<typeof ask>>;

function named(shown: Asked | undefined) {
  const meetings = new Map<string, MeetingNamed>();
  const tickets = new Map<string, TicketNamed>();
  if (!shown) return { meetings, tickets };
  for (const { meetings: some } of [shown.team, shown.topics, shown.insights, shown.anomalies])
    for (const one of some) meetings.set(one.meeting_id, one);
  for (const { tickets: some } of [shown.work, shown.insights]) for (const one of some) tickets.set(one.ticket_id, one);
  return { meetings, tickets };
}

/** What analytics found in the last days; each number opens what is behind it. */
export function Analytics({ days }: { days: number }) {
  const { t } = useTranslation();
  const [proof, setProof] = useState<Proof | null>(null);
  const { data: shown, error } = useQuery({
    queryKey: ["analytics", days],
    queryFn: () => ask(days),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.team.standing.state === "working" ? AGAIN_MS : LOOK_MS),
  });
  const names = useMemo(() => named(shown), [shown]);
  return (
    <div className="mt-10 flex flex-col gap-4" data-analytics>
      <h2 className="text-title font-semibold">{t("analytics.title")}</h2>
      {shown && <Standing standing={shown.team.standing} />}
      <Now />
      <Trouble error={error} />
      {shown && <Sections shown={shown} onOpen={setProof} />}
      <Behind proof={proof} {...names} onClose={() => setProof(null)} />
    </div>
  );
}

function Sections({ shown, onOpen }: { shown: Asked; onOpen: (proof: Proof) => void }) {
  const { t } = useTranslation();
  const { team, work } = shown;
  const held = team.figures.find((one) => one.name === "meetings")?.value ?? 0;
  const lived =
    work.statuses.length + work.ageing.length + work.throughput.filter((week) => week.tickets.length).length;
  const period = <Take first={team.period.first} last={team.period.last} />;
  if (!team.withheld && !held && !lived)
    return (
      <>
        <p className="text-quiet">{t("analytics.none")}</p>
        {period}
      </>
    );
  return (
    <>
      {team.withheld && <Withheld withheld={team.withheld} />}
      {!team.withheld && <Insights found={shown.insights} onOpen={onOpen} />}
      {!team.withheld && held > 0 && (
        <>
          <Score team={team} onOpen={onOpen} />
          <div className="grid items-start gap-4 lg:grid-cols-2">
            <Measures team={team} onOpen={onOpen} />
            <div className="flex flex-col gap-4">
              <Heat team={team} onOpen={onOpen} />
              <Series team={team} onOpen={onOpen} />
            </div>
          </div>
        </>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Stays work={work} onOpen={onOpen} />
        <Done work={work} onOpen={onOpen} />
        {!team.withheld && <Bottlenecks work={work} onOpen={onOpen} />}
        <Flow work={work} onOpen={onOpen} />
      </div>
      <Topics topics={shown.topics} keywords={shown.keywords} onOpen={onOpen} />
      {!team.withheld && <Anomalies found={shown.anomalies} onOpen={onOpen} />}
      {period}
    </>
  );
}

function Withheld({ withheld }: { withheld: WithheldOut }) {
  const { t } = useTranslation();
  const { least, people } = withheld;
  return (
    <p className="rounded-card border border-line bg-card p-5">
      {t("analytics.withheld", { least, people })}{" "}
      <Link href="/settings/" className="text-accent underline">
        {t("analytics.toSettings")}
      </Link>
    </p>
  );
}
