"use client";

import Link from "next/link";
import { useTranslation } from "react-i18next";
import type { Dashboard, Lasting, MeetingRef, TicketEvent } from "@/api/schema";
import { Panel } from "@/ui/panel";
import { moment, span } from "@/ui/time";

/** What is behind a number: meetings, what happened to tickets, or how long it lasted. */
export type Behind = { title: string } & (
  | { meetings: readonly MeetingRef[] }
  | { events: readonly TicketEvent[] }
  | { lasting: readonly Lasting[]; open?: boolean }
);

const ITEM = "block rounded-control p-3 hover:bg-sand";

export function Evidence({ shown, behind, onClose }: { shown: Dashboard; behind: Behind | null; onClose: () => void }) {
  return (
    <Panel open={behind !== null} onClose={onClose} title={behind?.title ?? ""} place="side">
      {behind && (
        <ul className="-mx-3">
          {"meetings" in behind && behind.meetings.map((each) => <Meeting key={each.meeting_id} meeting={each} />)}
          {"events" in behind && behind.events.map((each, n) => <Event key={n} shown={shown} event={each} />)}
          {"lasting" in behind &&
            behind.lasting.map((each, n) => <Ticket key={n} shown={shown} lasting={each} open={behind.open} />)}
        </ul>
      )}
    </Panel>
  );
}

function Meeting({ meeting }: { meeting: MeetingRef }) {
  const { i18n } = useTranslation();
  return (
    <li>
      <Link href={`/meeting/?id=${meeting.meeting_id}`} className={ITEM}>
        <span className="font-medium">{meeting.title}</span>
        <span className="block text-meta text-quiet">
          {moment(meeting.started_at, i18n.language)} · {span(meeting.recorded_ms, i18n.language)}
        </span>
      </Link>
    </li>
  );
}

function Event({ shown, event }: { shown: Dashboard; event: TicketEvent }) {
  const { t, i18n } = useTranslation();
  const meeting = shown.held.find((each) => each.meeting_id === event.meeting_id);
  const status = (name: TicketEvent["to_status"]) => (name ? t(`status.${name}`) : "");
  return (
    <li className="pb-1">
      <Link href={`/board/?ticket=${event.ticket_id}`} className={ITEM}>
        <Named shown={shown} ticketId={event.ticket_id} />
        <span className="block text-meta text-quiet">
          {[event.from_status, event.to_status].filter(Boolean).map(status).join(" → ")} ·{" "}
          {moment(event.at, i18n.language)}
        </span>
      </Link>
      {event.meeting_id && (
        <Link href={`/meeting/?id=${event.meeting_id}`} className="ml-3 text-meta text-accent underline">
          {meeting?.title ?? t("minutes.back")}
        </Link>
      )}
    </li>
  );
}

export function Ticket({ shown, lasting, open }: { shown: Dashboard; lasting: Lasting; open?: boolean | undefined }) {
  const { t, i18n } = useTranslation();
  const time = span(lasting.ms, i18n.language);
  return (
    <li>
      <Link href={`/board/?ticket=${lasting.ticket_id}`} className={ITEM}>
        <Named shown={shown} ticketId={lasting.ticket_id} />
        <span className="block text-meta text-quiet">
          {t(`status.${lasting.status}`)} · {open ? t("dashboard.carried.openFor", { time }) : time}
        </span>
      </Link>
    </li>
  );
}

function Named({ shown, ticketId }: { shown: Dashboard; ticketId: string }) {
  const ticket = shown.tickets.find((each) => each.ticket_id === ticketId);
  return (
    <span>
      <span className="text-quiet">{ticket?.key}</span> <span className="font-medium">{ticket?.title}</span>
    </span>
  );
}
