"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { MeetingOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/meetings";

export function Rename({ meeting, onClose }: { meeting: MeetingOut; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [title, setTitle] = useState(meeting.title);
  const rename = useMutation({
    mutationFn: () =>
      data(
        api.PATCH("/api/meetings/{meeting_id}", {
          params: { path: { meeting_id: meeting.meeting_id } },
          body: { title: title.trim() },
        }),
      ),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["meetings"] });
      onClose();
    },
  });
  return (
    <Panel open onClose={onClose} title={t("meetings.renameTitle")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          rename.mutate();
        }}
      >
        <Field label={t("meetings.name")}>
          <Input value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
        </Field>
        <Button type="submit" look="main" disabled={!title.trim() || rename.isPending}>
          {t("meetings.save")}
        </Button>
        <Trouble error={rename.error} />
      </form>
    </Panel>
  );
}
