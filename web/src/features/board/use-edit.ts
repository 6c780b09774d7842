"use client";

import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { TicketChange, TicketOut } from "@/api/schema";
import { say } from "@/ui/toast";
import { reason } from "@/ui/trouble";
import "@/i18n/words/board";

interface Edit {
  ticket: TicketOut;
  change: Partial<TicketChange>;
  /** What is said once it is done. */
  told: string;
}

/** Change a ticket by hand; a note in passing offers to take it back. */
export function useEdit() {
  const { t } = useTranslation();
  return useMutation({
    mutationFn: ({ ticket, change }: Edit) =>
      data(
        api.PATCH("/api/tickets/{ticket_id}", {
          params: { path: { ticket_id: ticket.ticket_id } },
          body: change,
        }),
      ),
    onSuccess: (now, { ticket, told }) => {
      if (now.version === ticket.version) return;
      const params = { path: { ticket_id: ticket.ticket_id }, header: { "if-match": `"${now.version}"` } };
      const back = async () => {
        await data(api.POST("/api/tickets/{ticket_id}/undo", { params }));
        say(t("board.undone"));
      };
      say(told, {
        label: t("board.undo"),
        run: () => void back().catch((error: unknown) => say(reason(error, t))),
      });
    },
  });
}
