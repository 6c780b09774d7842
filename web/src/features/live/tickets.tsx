"use client";

import { useMutation } from "@tanstack/react-query";
import { Check, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { LiveState } from "@/api/live";
import type { TicketOut, ChangeOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Quotes } from "@/ui/quotes";
import { TicketCard } from "@/ui/ticket-card";
import { UndoLatest, useHistory } from "@/ui/ticket-history";
import { day } from "@/ui/time";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/board";
import "@/i18n/words/live";

/** What this meeting opened, moved or suggests, each with the words that prove it. */
export function MeetingTickets({ meetingId, state }: { meetingId: string; state: LiveState }) {
  const { t } = useTranslation();
  const suggestions = [...state.suggestions.values()].filter((change) => change.lane === "pending");
  const mine = [...state.tickets.values()]
    .filter((ticket) => ticket.meetings.includes(meetingId))
    .sort((one, other) => other.changed_at.localeCompare(one.changed_at));
  return (
    <div className="flex flex-col gap-3 pb-4">
      {suggestions.map((change) => (
        <Suggestion key={change.change_id} change={change} ticket={state.tickets.get(change.ticket_id)} />
      ))}
      {mine.map((ticket) => (
        <Proven key={ticket.ticket_id} ticket={ticket} meetingId={meetingId} />
      ))}
      {suggestions.length + mine.length === 0 && <p className="text-quiet">{t("live.noTickets")}</p>}
    </div>
  );
}

/** What VORI wasn't sure of: one press settles it. */
function Suggestion({ change, ticket }: { change: ChangeOut; ticket: TicketOut | undefined }) {
  const { t, i18n } = useTranslation();
  const decide = useMutation({
    mutationFn: async (verdict: "accept" | "reject") => {
      const params = { params: { path: { change_id: change.change_id } } };
      if (verdict === "accept") await data(api.POST("/api/suggestions/{change_id}/accept", params));
      else await data(api.POST("/api/suggestions/{change_id}/reject", params));
    },
  });
  const { before, after } = change;
  const becomes = () => {
    if (!after || !before) return "";
    if (after.status !== before.status) return t(`status.${after.status}`);
    if (after.due !== before.due) return after.due ? day(after.due, i18n.language) : "–";
    if (after.blocked !== before.blocked) return t("board.blocked");
    return after.assignee ?? "";
  };
  return (
    <article className="rounded-card border border-dashed border-accent p-3">
      <p className="font-medium">
        {ticket
          ? t("live.change", { key: ticket.key, title: ticket.title, to: becomes() })
          : t("live.suggestion", { title: after?.title ?? "" })}
      </p>
      <Quotes change={change} />
      <div className="mt-2 flex gap-2">
        <Button onClick={() => decide.mutate("accept")} disabled={decide.isPending}>
          <Check aria-hidden size={16} />
          {t("board.accept")}
        </Button>
        <Button look="quiet" onClick={() => decide.mutate("reject")} disabled={decide.isPending}>
          <X aria-hidden size={16} />
          {t("board.reject")}
        </Button>
      </div>
      <Trouble error={decide.error} />
    </article>
  );
}

function Proven({ ticket, meetingId }: { ticket: TicketOut; meetingId: string }) {
  const history = useHistory(ticket);
  const stands = history.filter((change) => change.lane === "applied" && !change.undone && change.undoes === null);
  const last = stands.filter((change) => change.meeting_id === meetingId).at(-1);
  return (
    <TicketCard ticket={ticket}>
      {last && <Quotes change={last} />}
      {last && stands.at(-1) === last && <UndoLatest ticket={ticket} />}
    </TicketCard>
  );
}
