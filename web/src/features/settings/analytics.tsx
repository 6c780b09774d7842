"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { AnalyticsSettings as Settings } from "@/api/schema";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/settings";

const PARTS = ["actionable", "decision_time", "participation"] as const;
type Draft = Record<(typeof PARTS)[number] | "least", string> & { show: boolean };

const written = ({ weights, least_people, small_teams }: Settings): Draft => ({
  actionable: String(weights?.actionable ?? 1),
  decision_time: String(weights?.decision_time ?? 1),
  participation: String(weights?.participation ?? 1),
  least: String(least_people ?? 5),
  show: small_teams === "show",
});

const read = (draft: Draft): Settings => ({
  weights: {
    actionable: Number(draft.actionable),
    decision_time: Number(draft.decision_time),
    participation: Number(draft.participation),
  },
  least_people: Number(draft.least),
  small_teams: draft.show ? "show" : "hide",
});

/** What counts in a meeting's score, and from how many people on a team's numbers are told. */
export function AnalyticsSettings() {
  const { t } = useTranslation();
  const kept = useQuery({
    queryKey: ["settings", "analytics"],
    queryFn: () => data(api.GET("/api/analytics/settings")),
    staleTime: 0,
  });
  const [draft, setDraft] = useState<Draft | null>(null);
  const save = useMutation({
    mutationFn: (settings: Settings) => data(api.PUT("/api/analytics/settings", { body: settings })),
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
      <p className="text-meta text-quiet">{t("weights.about")}</p>
      <div className="grid gap-4 md:grid-cols-3">
        {PARTS.map((part) => (
          <Field key={part} label={t(`weights.${part}`)}>
            <Input
              type="number"
              min={0}
              max={100}
              step="any"
              required
              value={shown[part]}
              onChange={({ target }) => set({ [part]: target.value })}
            />
          </Field>
        ))}
      </div>
      <Field label={t("weights.least")} help={t("weights.leastHelp")}>
        <Input
          type="number"
          min={2}
          max={100}
          required
          value={shown.least}
          onChange={({ target }) => set({ least: target.value })}
        />
      </Field>
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          checked={shown.show}
          onChange={({ target }) => set({ show: target.checked })}
          className="mt-1.5"
        />
        {t("weights.show")}
      </label>
      <Trouble error={save.error} />
      <Button type="submit" className="self-start" disabled={draft === null || save.isPending}>
        {t("settings.save")}
      </Button>
    </form>
  );
}
