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
  const id = useSearchParams().get("id") ?? "";
  return <Meeting key={id} meetingId={id} />;
}
