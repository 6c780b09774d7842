"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CalendarClock, MoreHorizontal } from "lucide-react";
import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { PlanOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Menu, MenuItem } from "@/ui/menu";
import { MINUTE_MS, moment, span } from "@/ui/time";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";
import { useCopyLink } from "./copy-link";
import type { Wanted } from "./queries";
import "@/i18n/words/meetings";

const SetUp = dynamic(() => import("./set-up").then((made) => made.SetUp));

function fits(plan: PlanOut, { text, state, from, to }: Wanted): boolean {
  if (state === "live" || state === "ended") return false;
  const sought = text.trim().toLowerCase();
  const day = new Intl.DateTimeFormat("sv").format(new Date(plan.starts_at));
  if ((from && day < from) || (to && day > to)) return false;
  return [plan.title, ...plan.participants].some((words) => words.toLowerCase().includes(sought));
}

/** Meetings to come, the soonest first. */
export function Planned({ plans, wanted }: { plans: readonly PlanOut[]; wanted: Wanted }) {
  const { t } = useTranslation();
  const shown = plans.filter((plan) => fits(plan, wanted));
  if (shown.length === 0) return null;
  return (
    <ul
      aria-label={t("meetings.planned")}
      className="mt-4 divide-y divide-line rounded-card border border-line bg-card"
    >
      {shown.map((plan) => (
        <PlannedRow key={plan.meeting_id} plan={plan} />
      ))}
    </ul>
  );
}

function PlannedRow({ plan }: { plan: PlanOut }) {
  const { t, i18n } = useTranslation();
  const router = useRouter();
  const copy = useCopyLink();
  const drop = useDrop(plan);
  const length = plan.minutes === null ? [] : [span(plan.minutes * MINUTE_MS, i18n.language)];
  const [changing, setChanging] = useState(false);
  const begin = useMutation({
    mutationFn: () =>
      data(api.POST("/api/plans/{meeting_id}/start", { params: { path: { meeting_id: plan.meeting_id } } })),
    onSuccess: (meeting) => router.push(`/meeting/?id=${meeting.meeting_id}`),
  });
  return (
    <li className="flex flex-wrap items-center gap-2 py-2 pr-2 pl-4">
      <CalendarClock aria-hidden size={18} className="shrink-0 text-quiet" />
      <span className="flex min-w-0 flex-1 basis-40 flex-col">
        <span className="truncate font-medium">{plan.title}</span>
        <span className="text-meta text-quiet">
          {[moment(plan.starts_at, i18n.language), ...length, t("meetings.planned"), ...plan.participants].join(" · ")}
        </span>
      </span>
      <span className="flex shrink-0 items-center gap-1">
        <Button onClick={() => begin.mutate()} disabled={begin.isPending}>
          {t("meetings.begin")}
        </Button>
        <Menu label={t("meetings.about", { title: plan.title })} button={<MoreHorizontal aria-hidden size={18} />}>
          <MenuItem onChoose={() => copy(plan.meeting_id)}>{t("meetings.copyLink")}</MenuItem>
          <MenuItem onChoose={() => setChanging(true)}>{t("meetings.change")}</MenuItem>
          <MenuItem onChoose={() => drop.mutate()}>{t("meetings.drop")}</MenuItem>
        </Menu>
      </span>
      {changing && <SetUp plan={plan} onClose={() => setChanging(false)} />}
      <Trouble error={begin.error ?? drop.error} />
    </li>
  );
}

/** Drop a plan; taking that back plans it anew. */
function useDrop(plan: PlanOut) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const asked = () => void client.invalidateQueries({ queryKey: ["plans"] });
  const { title, starts_at, minutes, language, participants } = plan;
  const again = () =>
    void data(api.POST("/api/plans", { body: { title, starts_at, minutes, language, participants } })).finally(asked);
  return useMutation({
    mutationFn: () =>
      data(api.DELETE("/api/plans/{meeting_id}", { params: { path: { meeting_id: plan.meeting_id } } })),
    onSuccess: () => say(t("meetings.dropped", { title }), { label: t("meetings.undo"), run: again }),
    onSettled: asked,
  });
}
