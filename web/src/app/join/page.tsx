"use client";

import { useSearchParams } from "next/navigation";
import { Suspense } from "react";
import { Join } from "@/features/meetings/join";

export default function Page() {
  return (
    <Suspense>
      <Named />
    </Suspense>
  );
}

function Named() {
  return <Join meetingId={useSearchParams().get("id") ?? "none"} />;
}
