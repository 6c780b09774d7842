"use client";

import { useMutation } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Trouble } from "@/ui/trouble";
import type { Line } from "./said";
import "@/i18n/words/said";

interface NamingProps {
  meetingId: string;
  line: Line;
  /** Who is here already; taking one of these names makes the two one person. */
  people: readonly string[];
  onClose: () => void;
}

/** Say who a voice is: for all that it said and will say. */
export function Naming({ meetingId, line, people, onClose }: NamingProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(line.speaker ?? "");
  const put = useMutation({
    mutationFn: async (chosen: string | null) => {
      if (!line.heardAs) return;
      const { stream, voice } = line.heardAs;
      const path = { meeting_id: meetingId, stream };
      const body = { name: chosen };
      if (voice === null)
        await data(api.PUT("/api/meetings/{meeting_id}/speakers/{stream}", { params: { path }, body }));
      else {
        const params = { path: { ...path, voice } };
        await data(api.PUT("/api/meetings/{meeting_id}/speakers/{stream}/{voice}", { params, body }));
      }
    },
    onSuccess: onClose,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim()) put.mutate(name.trim());
  };
  const others = people.filter((other) => other !== line.speaker);
  return (
    <Panel open onClose={onClose} title={t("said.whoIsThis")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-quiet">
          <q>{line.final}</q>
        </p>
        {others.length > 0 && (
          <div role="group" aria-label={t("said.people")} className="flex flex-wrap gap-2">
            {others.map((other) => (
              <Button key={other} onClick={() => put.mutate(other)} disabled={put.isPending}>
                {other}
              </Button>
            ))}
          </div>
        )}
        <Field label={t("said.name")} help={t("said.merges")}>
          <Input value={name} maxLength={80} onChange={({ target }) => setName(target.value)} />
        </Field>
        <div className="flex flex-wrap gap-2">
          <Button look="main" type="submit" disabled={!name.trim() || put.isPending}>
            {t("said.save")}
          </Button>
          {line.speaker !== null && line.heardAs?.voice !== null && (
            <Button look="quiet" onClick={() => put.mutate(null)} disabled={put.isPending}>
              {t("said.unname")}
            </Button>
          )}
        </div>
        <Trouble error={put.error} />
      </form>
    </Panel>
  );
}
