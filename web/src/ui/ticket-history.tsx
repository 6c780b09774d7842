"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { ChangeOut, TicketOut } from "@/api/schema";
import { Button } from "./button";
import { Trouble } from "./trouble";
import "@/i18n/words/board";

export const HISTORY = "history";

/** What happened to a ticket, the oldest first, as of its version. */
export function useHistory(ticket: TicketOut): readonly ChangeOut[] {
  const path = { ticket_id: ticket.ticket_id };
  const { data: history = [] } = useQuery({
    queryKey: [HISTORY, ticket.ticket_id, ticket.version],
    queryFn: () => data(api.GET("/api/tickets/{ticket_id}/history", { params: { path } })),
    placeholderData: (before) => before,
  });
  return history;
}

/** Takes back what was changed last, unless somebody has changed it again since. */
export function UndoLatest({ ticket }: { ticket: TicketOut }) {
  const { t } = useTranslation();
  const params = { path: { ticket_id: ticket.ticket_id }, header: { "if-match": `"${ticket.version}"` } };
  const undo = useMutation({ mutationFn: () => data(api.POST("/api/tickets/{ticket_id}/undo", { params })) });
  return (
    <>
      <Button look="quiet" className="-ml-4" onClick={() => undo.mutate()} disabled={undo.isPending}>
        <Undo2 aria-hidden size={14} />
        {t("board.undo")}
      </Button>
      <Trouble error={undo.error} />
    </>
  );
}
