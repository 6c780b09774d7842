"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import { Meetings } from "@/features/meetings/meetings";
import { useLive } from "@/ui/follow";
import { kept, WELCOMED } from "@/ui/kept";

const Welcome = dynamic(() => import("@/features/welcome/welcome").then((made) => made.Welcome));

/** The meetings; before the first one, and in a browser that nobody was welcomed in, what one needs to begin. */
export default function Page() {
  const [known, setKnown] = useState(() => kept(WELCOMED) !== "");
  const following = useLive(null);
  if (following.connection === "connecting") return null;
  if (!known && following.state.meetings.size === 0) return <Welcome onSkip={() => setKnown(true)} />;
  return <Meetings following={following} />;
}
