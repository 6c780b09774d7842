"use client";

import { useEffect, useState } from "react";
import { BEFORE, follow, type Following } from "@/api/follow";

/** What the live socket of a meeting (or of the overview) says, now and from now on. */
export function useLive(meetingId: string | null): Following {
  const [now, setNow] = useState<Following>(BEFORE);
  useEffect(() => follow(meetingId, setNow), [meetingId]);
  return now;
}
