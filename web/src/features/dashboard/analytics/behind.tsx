"use client";

import Link from "next/link";
import { useTranslation } from "react-i18next";
import type { MeetingNamed, TicketNamed } from "@/api/schema";
import { Panel } from "@/ui/panel";
import { moment } from "@/ui/time";

/** What is behind a number: meetings and tickets, each with what it gives to it. */
export interface Proof {
  title: string;
  meetings?: readonly { id: string; value?: string | undefined }[];
  tickets?: readonly { id: string; value?: string | undefined }[];
}

export type Open = (proof: Proof) => void;

const ITEM = "block rounded-control p-3 hover:bg-sand";

interface BehindProps {
  proof: Proof | null;
  meetings: ReadonlyMap<string, MeetingNamed>;
  tickets: ReadonlyMap<string, TicketNamed>;
  onClose: () => void;
}

export function Behind({ proof, meetings, tickets, onClose }: BehindProps) {
  const { t, i18n } = useTranslation();
  return (
    <Panel open={proof !== null} onClose={onClose} title={proof?.title ?? ""} place="side">
      <ul className="-mx-3">
        {proof?.meetings?.map(({ id, value }) => {
          const meeting = meetings.get(id);
          return (
            <Item
              key={`m ${id}`}
              href={`/meeting/?id=${id}`}
              name={meeting?.title ?? t("analytics.meeting")}
              about={[meeting ? moment(meeting.started_at, i18n.language) : "", value]}
            />
          );
        })}
        {proof?.tickets?.map(({ id, value }, number) => {
          const ticket = tickets.get(id);
          return (
            <Item
              key={`t ${id} ${number}`}
              href={`/board/?ticket=${id}`}
              name={ticket?.title ?? t("analytics.stays.tickets")}
              about={[ticket ? t(`status.${ticket.status}`) : "", value]}
            />
          );
        })}
      </ul>
    </Panel>
  );
}

function Item({ href, name, about }: { href: string; name: string; about: (string | undefined)[] }) {
  return (
    <li>
      <Link href={href} className={ITEM}>
        <span className="font-medium">{name}</span>
        <span className="block text-meta text-quiet">{about.filter(Boolean).join(" · ")}</span>
      </Link>
    </li>
  );
}
