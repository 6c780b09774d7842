"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Redo2, Undo2 } from "lucide-react";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { ChangeOut, FieldsOut, TicketOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Quotes } from "@/ui/quotes";
import { HISTORY, useHistory } from "@/ui/ticket-history";
import { day, moment } from "@/ui/time";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/board";
import "@/i18n/words/ticket";

const PERSON = "person";
const ALL_QUOTES = 20;

/** What happened to a ticket, the newest first: sentences, the words that prove them, and the way back. */
export function History({ ticket }: { ticket: TicketOut }) {
  const history = useHistory(ticket);
  return (
    <ol className="flex flex-col gap-4">
      {[...history].reverse().map((change) => (
        <Entry key={change.change_id} change={change} ticket={ticket} />
      ))}
    </ol>
  );
}

function Entry({ change, ticket }: { change: ChangeOut; ticket: TicketOut }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const applied = change.lane === "applied";
  const act = useMutation({
    mutationFn: async (again: boolean) => {
      const params = { path: { ticket_id: ticket.ticket_id, change_id: change.change_id } };
      if (again) await data(api.POST("/api/tickets/{ticket_id}/changes/{change_id}/redo", { params }));
      else await data(api.POST("/api/tickets/{ticket_id}/changes/{change_id}/undo", { params }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: [HISTORY, ticket.ticket_id] }),
  });
  const who = change.actor === PERSON ? (change.person ?? t("ticket.aPerson")) : "VORI";
  const verdict = change.decision ?? (applied ? null : "waits");
  return (
    <li className={change.undone ? "opacity-80" : ""}>
      <p className="text-meta text-quiet">
        {[who, moment(change.at, i18n.language), ...(change.undone ? [t("ticket.undone")] : [])].join(" · ")}
        {verdict && ` · ${t(`ticket.verdict.${verdict}`)}`}
      </p>
      <ul className={change.undone ? "line-through" : ""}>
        {sentences(change, t, i18n.language).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {change.reason && <p className="text-meta text-quiet">{change.reason}</p>}
      <Quotes change={change} most={ALL_QUOTES} />
      {applied && change.undoes === null && (
        <Button look="quiet" className="-ml-4" disabled={act.isPending} onClick={() => act.mutate(change.undone)}>
          {change.undone ? <Redo2 aria-hidden size={14} /> : <Undo2 aria-hidden size={14} />}
          {t(change.undone ? "ticket.redo" : "board.undo")}
        </Button>
      )}
      <Trouble error={act.error} />
    </li>
  );
}

/** What a change did, one sentence for each thing. */
function sentences({ kind, before, after }: ChangeOut, t: TFunction, language: string): string[] {
  if (!after) return [t("ticket.gone")];
  if (!before) return [kind === "undone" ? t("ticket.back") : t("ticket.opened", { title: after.title })];
  const shown: { [Name in keyof FieldsOut]?: (fields: FieldsOut) => string } = {
    title: (fields) => fields.title,
    status: (fields) => t(`status.${fields.status}`),
    assignee: (fields) => fields.assignee ?? t("board.unassigned"),
    due: (fields) => (fields.due ? day(fields.due, language) : t("ticket.noDay")),
    priority: (fields) => (fields.priority ? t(`ticket.priorities.${fields.priority}`) : t("ticket.noPriority")),
    labels: (fields) => fields.labels.join(", ") || "–",
    blocked: (fields) => (fields.blocked ? fields.blocked_reason || t("board.blocked") : "–"),
  };
  const told = Object.entries(shown).flatMap(([name, show]) => {
    const [was, is] = [show(before), show(after)];
    return was === is ? [] : [t(`ticket.changes.${name as "title"}`, { from: was, to: is })];
  });
  if (before.content !== after.content) told.push(t("ticket.changes.content"));
  return told.length ? told : [t("ticket.changes.rank")];
}
