"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import { Button } from "@/ui/button";
import { Area, Field } from "@/ui/field";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";
import { lines } from "./lines";

/** The terms that speech recognition shall know. */
export function Vocabulary() {
  const { t } = useTranslation();
  const kept = useQuery({ queryKey: ["vocabulary"], queryFn: () => data(api.GET("/api/vocabulary")), staleTime: 0 });
  const [text, setText] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: (terms: string[]) => data(api.PUT("/api/vocabulary", { body: { terms } })),
    onSuccess: () => {
      say(t("settings.saved"));
      return kept.refetch().then(() => setText(null));
    },
  });
  if (!kept.data) return <Trouble error={kept.error} />;
  const shown = text ?? kept.data.terms.join("\n");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    save.mutate(lines(shown));
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("settings.terms")} help={t("settings.termsHelp")}>
        <Area rows={6} value={shown} onChange={({ target }) => setText(target.value)} />
      </Field>
      <Trouble error={save.error} />
      <Button type="submit" className="self-start" disabled={text === null || save.isPending}>
        {t("settings.save")}
      </Button>
    </form>
  );
}
