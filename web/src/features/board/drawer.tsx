"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { MeetingOut, TicketChange, TicketOut } from "@/api/schema";
import { useWithMembers } from "@/ui/members";
import { Panel } from "@/ui/panel";
import { day } from "@/ui/time";
import { Trouble } from "@/ui/trouble";
import { Comments } from "./comments";
import { Fields } from "./fields";
import { History } from "./history";
import { useEdit } from "./use-edit";
import "@/i18n/words/board";
import "@/i18n/words/ticket";

interface DrawerProps {
  ticket: TicketOut;
  meetings: ReadonlyMap<string, MeetingOut>;
  people: readonly string[];
  labels: readonly string[];
  onClose: () => void;
}

/** Everything about a ticket, each part of it changed where it stands. */
export function Drawer({ ticket, meetings, people, labels, onClose }: DrawerProps) {
  const { t } = useTranslation();
  const edit = useEdit();
  const assignable = useWithMembers(people);
  const save = (change: Partial<TicketChange>) =>
    edit.mutate({ ticket, change, told: t("board.changed", { key: ticket.key }) });
  return (
    <Panel open onClose={onClose} place="side" title={ticket.key}>
      <Trouble error={edit.error} />
      <Fields ticket={ticket} people={assignable} labels={labels} onSave={save} />
      <Told ticket={ticket} />
      {ticket.meetings.length > 0 && (
        <Part title={t("ticket.meetings")}>
          <ul>
            {ticket.meetings.map((id) => (
              <li key={id}>
                <Link href={`/meeting/?id=${id}`} className="text-accent underline">
                  {meetings.get(id)?.title ?? t("ticket.aMeeting")}
                </Link>
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Part title={t("ticket.comments")}>
        <Comments ticket={ticket} />
      </Part>
      <Part title={t("ticket.history")}>
        <History ticket={ticket} />
      </Part>
    </Panel>
  );
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="mt-6">
      <h3 className="mb-2 font-semibold">{title}</h3>
      {children}
    </section>
  );
}

/** What its history comes to: carried over, days that moved, what stands or stood in its way. */
function Told({ ticket }: { ticket: TicketOut }) {
  const { t, i18n } = useTranslation();
  const { data: facts } = useQuery({
    queryKey: ["facts", ticket.ticket_id, ticket.version],
    queryFn: () =>
      data(api.GET("/api/tickets/{ticket_id}/facts", { params: { path: { ticket_id: ticket.ticket_id } } })),
  });
  if (!facts) return null;
  const date = (at: string | null) => (at ? day(at, i18n.language) : t("ticket.noDay"));
  const lines = [
    ...(facts.carried_over.length ? [t("ticket.carried", { count: facts.carried_over.length })] : []),
    ...facts.due_moves.map((move) => t("ticket.dueMoved", { from: date(move.before), to: date(move.after) })),
    ...facts.blocks.filter((block) => block.cleared).map((block) => t("ticket.wasBlocked", { what: block.what })),
  ];
  if (lines.length === 0) return null;
  return (
    <ul className="mt-4 text-meta text-quiet">
      {lines.map((line, at) => (
        <li key={at}>{line}</li>
      ))}
    </ul>
  );
}
