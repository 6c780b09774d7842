"use client";

import { useSearchParams } from "next/navigation";
import { Suspense } from "react";
import { Meeting } from "@/features/live/meeting";

export default function Page() {
  return (
    <Suspense>
      <Named />
    </Suspense>
  );
}

function Named() {
  const query = useSearchParams();
  const id = query.get("id") ?? "";
  const at = query.get("at");
  return <Meeting key={id} meetingId={id} atMs={at && Number.isFinite(+at) ? +at : null} />;
}
