"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { RetentionEffect } from "@/api/schema";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/settings";

const RETENTION = ["settings", "retention"];
const LONGEST_DAYS = 36_500;

const Shorten = dynamic(() => import("./shorten").then((made) => made.Shorten), { ssr: false });

/** How many days sound is kept; a shorter time is asked about first. */
export function Retention() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const kept = useQuery({
    queryKey: RETENTION,
    queryFn: () => data(api.GET("/api/settings/retention")),
    staleTime: 0,
  });
  const [draft, setDraft] = useState<string | null>(null);
  const [asking, setAsking] = useState<RetentionEffect | null>(null);
  const now = kept.data?.keep_days ?? null;
  const shown = draft ?? now?.toString() ?? "";
  const days = shown === "" ? null : Number(shown);
  const save = useMutation({
    mutationFn: () => data(api.PUT("/api/settings/retention", { body: { keep_days: days } })),
    onSuccess: (saved) => {
      client.setQueryData(RETENTION, saved);
      setDraft(null);
      setAsking(null);
      say(t("settings.saved"));
    },
  });
  const look = useMutation({
    mutationFn: (keep_days: number) =>
      data(api.GET("/api/settings/retention/effect", { params: { query: { keep_days } } })),
    onSuccess: setAsking,
  });
  if (!kept.data) return <Trouble error={kept.error} />;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (days !== null && (now === null || days < now)) look.mutate(days);
    else save.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("retention.days")} help={t("retention.help")}>
        <Input
          type="number"
          min={1}
          max={LONGEST_DAYS}
          step={1}
          value={shown}
          onChange={({ target }) => setDraft(target.value)}
        />
      </Field>
      {!asking && <Trouble error={look.error ?? save.error} />}
      <Button
        type="submit"
        className="self-start"
        disabled={draft === null || days === now || save.isPending || look.isPending}
      >
        {t("settings.save")}
      </Button>
      {asking && (
        <Shorten
          effect={asking}
          error={save.error}
          busy={save.isPending}
          onYes={() => save.mutate()}
          onClose={() => setAsking(null)}
        />
      )}
    </form>
  );
}
