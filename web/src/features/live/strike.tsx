"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";

interface StrikeProps {
  meetingId: string;
  /** Words that began before this are struck; 0: none are any more. */
  onStruck: (toMs: number) => void;
  onClose: () => void;
}

/** Take the last minute out of the record, after saying what that does and what it doesn't. */
export function Strike({ meetingId, onStruck, onClose }: StrikeProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const quotes = () => client.invalidateQueries({ queryKey: ["history"] });
  const undo = async (struckId: string) => {
    const path = { meeting_id: meetingId, struck_id: struckId };
    try {
      await data(api.DELETE("/api/meetings/{meeting_id}/struck/{struck_id}", { params: { path } }));
      onStruck(0);
      await quotes();
    } catch {
      say(t("errors.unreachable"), { label: t("errors.again"), run: () => void undo(struckId) });
    }
  };
  const strike = useMutation({
    mutationFn: () => {
      const path = { meeting_id: meetingId };
      return data(api.POST("/api/meetings/{meeting_id}/struck", { params: { path }, body: { last_s: 60 } }));
    },
    onSuccess: async (struck) => {
      onStruck(struck.to_ms);
      onClose();
      say(t("said.struck", { count: struck.utterances }), {
        label: t("said.undo"),
        run: () => void undo(struck.struck_id),
      });
      await quotes();
    },
  });
  return (
    <Panel open onClose={onClose} title={t("said.strikeTitle")}>
      <ul className="mb-4 flex list-disc flex-col gap-2 pl-5">
        <li>{t("said.strikeWords")}</li>
        <li>{t("said.strikeSound")}</li>
        <li>{t("said.strikeTickets")}</li>
      </ul>
      <div className="flex gap-2">
        <Button look="main" onClick={() => strike.mutate()} disabled={strike.isPending}>
          {t("said.strikeNow")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("said.cancel")}
        </Button>
      </div>
      <Trouble error={strike.error} />
    </Panel>
  );
}
