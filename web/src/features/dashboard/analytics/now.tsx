"use client";

import Link from "next/link";
import { useTranslation } from "react-i18next";
import type { LiveWindow } from "@/api/schema";
import { useLive } from "@/ui/follow";
import { useNow } from "@/ui/now";
import { MINUTE_MS, span } from "@/ui/time";
import { Card, Table } from "./card";
import "@/i18n/words/analytics";

const LENGTHS = [5, 30, 60] as const;
const COUNTS = ["people", "meetings", "questions", "decisions", "created", "moved", "done"] as const;
const LOOK_MS = 10_000;

/** What happens in the team as it happens: the newest windows, each until as much time again has passed. */
export function Now() {
  const { t, i18n } = useTranslation();
  const { state } = useLive(null);
  const now = useNow(true, LOOK_MS);
  const windows = LENGTHS.flatMap((minutes) => newest(state.team, minutes, now));
  if (windows.length === 0) return null;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" });
  const told = ({ starts_at, minutes }: LiveWindow) =>
    t("analytics.live.window", {
      time: time.format(Date.parse(starts_at)),
      length: span(minutes * MINUTE_MS, i18n.language),
    });
  const held = [...state.meetings.values()].filter(({ status, rehearsal }) => status === "live" && !rehearsal);
  const title = t("analytics.live.title");
  return (
    <Card title={title}>
      <Table
        title={title}
        head={[t("analytics.name"), ...windows.map(told)]}
        rows={[
          {
            key: "talk_ms",
            name: t("analytics.live.talk"),
            cells: windows.map(({ talk_ms }) => span(talk_ms, i18n.language)),
          },
          ...COUNTS.map((name) => ({
            key: name,
            name: t(`analytics.live.${name}`),
            cells: windows.map((one) => one[name]),
          })),
        ]}
      />
      {held.length > 0 && (
        <ul className="mt-2 flex flex-wrap gap-x-4">
          {held.map(({ meeting_id, title: name }) => (
            <li key={meeting_id}>
              <Link href={`/meeting/?id=${meeting_id}`} className="text-accent underline">
                {name}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function newest(windows: readonly LiveWindow[], length: number, now: number): LiveWindow[] {
  const last = windows.filter(({ minutes }) => minutes === length).at(-1);
  return last && now < Date.parse(last.starts_at) + 2 * length * MINUTE_MS ? [last] : [];
}
