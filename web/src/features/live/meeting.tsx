"use client";

import { ChevronUp } from "lucide-react";
import dynamic from "next/dynamic";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/ui/follow";
import { Bar } from "./bar";
import { lines as linesOf } from "./said";
import { TalkShares } from "./shares";
import { MeetingTickets } from "./tickets";
import { Transcript } from "./transcript";
import { useEarlier } from "./use-earlier";
import { useSound } from "./use-sound";
import "@/i18n/words/live";

const Numbers = dynamic(() => import("./numbers").then((made) => made.Numbers), { ssr: false });
const Reckoned = dynamic(() => import("./reckoned").then((made) => made.Reckoned), { ssr: false });

/** One meeting, while it runs and afterwards: its words on the left, what came of them on the right. */
export function Meeting({ meetingId, atMs }: { meetingId: string; atMs: number | null }) {
  const { t } = useTranslation();
  const following = useLive(meetingId);
  const { state, refused, snapshots } = following;
  const [sheet, setSheet] = useState(false);
  const [struckToMs, setStruckToMs] = useState(0);
  const earlier = useEarlier(meetingId, snapshots, state.utterances.size);
  const lines = useMemo(() => linesOf(state, earlier, struckToMs), [state, earlier, struckToMs]);
  const sound = useSound(meetingId, state.meeting?.status === "live");
  const side = useMemo(
    () => (
      <div className="flex flex-col">
        <TalkShares lines={lines} />
        {state.meeting?.status === "live" && state.metrics && (
          <Numbers numbers={state.metrics} startedAt={state.meeting.started_at} />
        )}
        {state.meeting?.status === "ended" && <Reckoned meetingId={meetingId} />}
        <MeetingTickets meetingId={meetingId} state={state} />
      </div>
    ),
    [lines, meetingId, state],
  );
  if (refused)
    return (
      <p role="alert" className="py-24 text-center">
        {[refused.detail, refused.remedy].join(" ")}
      </p>
    );
  if (!state.meeting) return null;
  return (
    <div className="flex h-[calc(100dvh-7rem)] flex-col md:h-[calc(100dvh-4rem)]">
      <Bar meeting={state.meeting} following={following} sound={sound} />
      <div className="flex min-h-0 flex-1 flex-col gap-4 md:flex-row">
        <div className="flex min-h-0 flex-[3] flex-col">
          <Transcript meeting={state.meeting} lines={lines} onStruck={setStruckToMs} atMs={atMs} />
        </div>
        <aside
          aria-label={t("live.tickets")}
          className={`min-h-0 overflow-y-auto border-t border-line pt-2 md:max-h-none md:flex-[2] md:border-t-0 md:border-l md:pt-4 md:pl-4 ${sheet ? "flex-[3]" : "max-h-28 shrink-0"}`}
        >
          <h2 className="mb-2 font-semibold">
            <button
              type="button"
              aria-expanded={sheet}
              onClick={() => setSheet(!sheet)}
              className="flex min-h-9 w-full items-center justify-between md:hidden"
            >
              {t("live.tickets")}
              <ChevronUp aria-hidden size={18} className={`transition-transform ${sheet ? "rotate-180" : ""}`} />
            </button>
            <span className="hidden md:inline">{t("live.tickets")}</span>
          </h2>
          {side}
        </aside>
      </div>
    </div>
  );
}
