"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { ExtractorOut, Settings } from "@/api/schema";
import { Button } from "@/ui/button";
import { Area, Field, Input } from "@/ui/field";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";
import { lines } from "./lines";

interface Draft {
  applied: string;
  pending: string;
  labels: string;
  time_zone: string;
}

const written = (kept: Settings): Draft => ({
  applied: kept.applied?.toString() ?? "",
  pending: kept.pending?.toString() ?? "",
  labels: (kept.labels ?? []).join("\n"),
  time_zone: kept.time_zone ?? "",
});

const read = (draft: Draft): Settings => ({
  applied: draft.applied === "" ? null : Number(draft.applied),
  pending: draft.pending === "" ? null : Number(draft.pending),
  labels: lines(draft.labels),
  time_zone: draft.time_zone.trim() || null,
});

/** What finds tickets, how sure it must be, the labels and where days are counted. */
export function TicketSettings() {
  const { t } = useTranslation();
  const kept = useQuery({
    queryKey: ["settings", "tickets"],
    queryFn: () => data(api.GET("/api/settings/tickets")),
    staleTime: 0,
  });
  const extractor = useQuery({ queryKey: ["extractor"], queryFn: () => data(api.GET("/api/extractor")) });
  const [draft, setDraft] = useState<Draft | null>(null);
  const save = useMutation({
    mutationFn: (settings: Settings) => data(api.PUT("/api/settings/tickets", { body: settings })),
    onSuccess: () => {
      say(t("settings.saved"));
      return kept.refetch().then(() => setDraft(null));
    },
  });
  if (!kept.data) return <Trouble error={kept.error} />;
  const shown = draft ?? written(kept.data);
  const set = (change: Partial<Draft>) => setDraft({ ...shown, ...change });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate(read(shown));
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {extractor.data && <Extractor now={extractor.data} />}
      <Trouble error={extractor.error} />
      {(["applied", "pending"] as const).map((lane) => (
        <Field key={lane} label={t(`settings.${lane}`)} help={t("settings.itself")}>
          <Input
            type="number"
            min={0}
            max={1}
            step="any"
            value={shown[lane]}
            onChange={({ target }) => set({ [lane]: target.value })}
          />
        </Field>
      ))}
      <Field label={t("settings.labels")} help={t("settings.labelsHelp")}>
        <Area rows={4} value={shown.labels} onChange={({ target }) => set({ labels: target.value })} />
      </Field>
      <Field label={t("settings.zone")} help={t("settings.zoneHelp")}>
        <Input value={shown.time_zone} onChange={({ target }) => set({ time_zone: target.value })} />
      </Field>
      <Trouble error={save.error} />
      <Button type="submit" className="self-start" disabled={draft === null || save.isPending}>
        {t("settings.save")}
      </Button>
    </form>
  );
}

function Extractor({ now }: { now: ExtractorOut }) {
  const { t } = useTranslation();
  const { requests, input_tokens, output_tokens } = now.today;
  return (
    <div>
      <p className="text-meta font-medium">{t("settings.extractor")}</p>
      <p>{now.model ?? t("settings.offline")}</p>
      {now.state === "fallback" && (
        <p className="text-meta text-danger">{t("settings.fallback", { detail: now.detail })}</p>
      )}
      {now.model && (
        <p className="text-meta text-quiet">{t("settings.used", { requests, tokens: input_tokens + output_tokens })}</p>
      )}
    </div>
  );
}
