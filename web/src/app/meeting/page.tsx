"use client";

import { ByQuery } from "@/app/by-query";
import { Meeting } from "@/features/live/meeting";

export default function Page() {
  return (
    <ByQuery>
      {(query) => {
        const id = query.get("id") ?? "";
        const at = query.get("at");
        return <Meeting key={id} meetingId={id} atMs={at && Number.isFinite(+at) ? +at : null} />;
      }}
    </ByQuery>
  );
}
