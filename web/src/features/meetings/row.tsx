"use client";

import { MoreHorizontal } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeetingOut } from "@/api/schema";
import { Menu, MenuItem } from "@/ui/menu";
import { moment } from "@/ui/time";
import { useCopyLink } from "./copy-link";
import "@/i18n/words/meetings";

const Rename = dynamic(() => import("./rename").then((made) => made.Rename));

/** A meeting that has begun. */
export function Row({ meeting }: { meeting: MeetingOut }) {
  const { t, i18n } = useTranslation();
  const [renaming, setRenaming] = useState(false);
  const copy = useCopyLink();
  const live = meeting.status === "live";
  const facts = [
    moment(meeting.started_at, i18n.language),
    t(live ? "meetings.live" : "meetings.ended"),
    ...(meeting.rehearsal ? [t("meetings.rehearsal")] : []),
  ];
  return (
    <li className="flex items-center pr-2 hover:bg-sand">
      <Link href={`/meeting/?id=${meeting.meeting_id}`} className="flex min-w-0 flex-1 items-center gap-3 p-4">
        <span aria-hidden className={`size-2 shrink-0 rounded-full ${live ? "bg-danger" : "bg-line"}`} />
        <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3">
          <span className="min-w-0 flex-1 basis-48 truncate font-medium">{meeting.title}</span>
          <span className="text-meta text-quiet">{facts.join(" · ")}</span>
        </span>
      </Link>
      <Menu label={t("meetings.about", { title: meeting.title })} button={<MoreHorizontal aria-hidden size={18} />}>
        <MenuItem onChoose={() => setRenaming(true)}>{t("meetings.rename")}</MenuItem>
        <MenuItem onChoose={() => copy(meeting.meeting_id)}>{t("meetings.copyLink")}</MenuItem>
      </Menu>
      {renaming && <Rename meeting={meeting} onClose={() => setRenaming(false)} />}
    </li>
  );
}
