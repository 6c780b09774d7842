"use client";

import { useSearchParams } from "next/navigation";
import { Suspense } from "react";
import { Minutes } from "@/features/minutes/minutes";

export default function Page() {
  return (
    <Suspense>
      <Named />
    </Suspense>
  );
}

function Named() {
  const id = useSearchParams().get("id") ?? "";
  return <Minutes key={id} meetingId={id} />;
}
