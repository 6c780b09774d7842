"use client";

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLive } from "@/ui/follow";
import { Bar } from "./bar";
import { lines } from "./said";
import { MeetingTickets } from "./tickets";
import { Transcript } from "./transcript";
import { useSound } from "./use-sound";

/** One meeting, while it runs and afterwards: its words on the left, what came of them on the right. */
export function Meeting({ meetingId }: { meetingId: string }) {
  const { t } = useTranslation();
  const following = useLive(meetingId);
  const { state, refused } = following;
  const [sheet, setSheet] = useState(false);
  const live = state.meeting?.status === "live";
  const sound = useSound(meetingId, live, null);
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
          <Transcript meetingId={meetingId} lines={lines(state)} live={live} />
        </div>
        <aside
          aria-label={t("live.tickets")}
          className={`min-h-0 overflow-y-auto border-t border-line pt-2 md:max-h-none md:flex-[2] md:border-t-0 md:border-l md:pt-4 md:pl-4 ${sheet ? "flex-[3]" : "max-h-28 shrink-0"}`}
        >
          <button
            type="button"
            aria-expanded={sheet}
            onClick={() => setSheet(!sheet)}
            className="mb-2 w-full text-left font-semibold md:pointer-events-none"
          >
            {t("live.tickets")}
          </button>
          <MeetingTickets meetingId={meetingId} state={state} />
        </aside>
      </div>
    </div>
  );
}
