"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { Dashboard as Shown, Days } from "@/api/schema";
import { Button } from "@/ui/button";
import { Trouble } from "@/ui/trouble";
import { type Behind, Evidence, Ticket } from "./evidence";
import { Numbers } from "./numbers";
import { Talk } from "./talk";
import { Ageing, Waiting } from "./work";
import "@/i18n/words/dashboard";

const Analytics = dynamic(() => import("./analytics/analytics").then((made) => made.Analytics), { ssr: false });

const RANGES = [7, 30, 90] as const;
const USUAL = 30;
const FIRST_FEW = 5;
const AGAIN_MS = 30_000;

/** What happened in the last days, beside as many days before; every number opens what is behind it. */
export function Dashboard() {
  const { t } = useTranslation();
  const router = useRouter();
  const asked = Number(useSearchParams().get("days"));
  const days = RANGES.find((each) => each === asked) ?? USUAL;
  const { data: shown, error } = useQuery({
    queryKey: ["dashboard", days],
    queryFn: () => data(api.GET("/api/dashboard", { params: { query: { days } } })),
    placeholderData: keepPreviousData,
    refetchInterval: AGAIN_MS,
  });
  return (
    <div className="mx-auto max-w-5xl">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-display font-semibold">{t("dashboard.title")}</h1>
        <div role="group" aria-label={t("dashboard.range")} className="flex gap-1">
          {RANGES.map((each) => (
            <Button
              key={each}
              look={each === days ? "main" : "plain"}
              aria-pressed={each === days}
              className="min-h-9 px-3"
              onClick={() => router.replace(`/dashboard/?days=${each}`, { scroll: false })}
            >
              {t("dashboard.days", { count: each })}
            </Button>
          ))}
        </div>
      </div>
      <Trouble error={error} />
      {shown && <Filled shown={shown} />}
      <Analytics days={days} />
    </div>
  );
}

function Filled({ shown }: { shown: Shown }) {
  const { t, i18n } = useTranslation();
  const [behind, setBehind] = useState<Behind | null>(null);
  const told = new Intl.DateTimeFormat(i18n.language, { month: "short", day: "numeric", timeZone: "UTC" });
  const period = ({ first, last }: Days) => told.formatRange(new Date(first), new Date(last));
  const count = Math.round((Date.parse(shown.period.last) - Date.parse(shown.period.first)) / 86_400_000) + 1;
  const empty = shown.meetings.value + shown.meetings.before + shown.tickets.length === 0;
  return (
    <>
      <p className="mt-1 text-meta text-quiet">
        {t("dashboard.against", { period: period(shown.period), previous: period(shown.previous), count })}
        {shown.rehearsals > 0 && ` ${t("dashboard.rehearsals", { count: shown.rehearsals })}`}
      </p>
      {empty ? (
        <div className="flex flex-col items-center gap-6 py-24 text-center">
          <p className="max-w-md text-quiet">{t("dashboard.empty")}</p>
          <Link
            href="/"
            className="inline-flex min-h-10 items-center rounded-control bg-accent px-4 font-medium text-on-accent"
          >
            {t("dashboard.toMeetings")}
          </Link>
        </div>
      ) : (
        <div className="mt-6 flex flex-col gap-4">
          <Numbers shown={shown} onOpen={setBehind} />
          <Talk shown={shown} onOpen={setBehind} />
          <div className="grid gap-4 lg:grid-cols-2">
            <Waiting shown={shown} onOpen={setBehind} />
            <Ageing shown={shown} onOpen={setBehind} />
          </div>
          <CarriedOver shown={shown} onOpen={setBehind} />
        </div>
      )}
      <Evidence shown={shown} behind={behind} onClose={() => setBehind(null)} />
    </>
  );
}

function CarriedOver({ shown, onOpen }: { shown: Shown; onOpen: (behind: Behind) => void }) {
  const { t } = useTranslation();
  const title = t("dashboard.carried.title");
  const { value, before, tickets } = shown.carried_over;
  return (
    <section className="rounded-card border border-line bg-card p-5">
      <h2 className="text-title font-semibold">{title}</h2>
      <p className="mt-1 text-quiet">
        {value ? t("dashboard.carried.answer", { count: value, before }) : t("dashboard.carried.none")}
      </p>
      <ul className="-mx-3 mt-2">
        {tickets.slice(0, FIRST_FEW).map((each) => (
          <Ticket key={each.ticket_id} shown={shown} lasting={each} open />
        ))}
      </ul>
      {tickets.length > FIRST_FEW && (
        <Button
          look="quiet"
          className="-ml-3 min-h-9 px-3 text-meta"
          onClick={() => onOpen({ title, lasting: tickets, open: true })}
        >
          {t("dashboard.all", { count: tickets.length })}
        </Button>
      )}
    </section>
  );
}
