"use client";

import { ByQuery } from "@/app/by-query";
import { Minutes } from "@/features/minutes/minutes";

export default function Page() {
  return (
    <ByQuery>
      {(query) => {
        const id = query.get("id") ?? "";
        return <Minutes key={id} meetingId={id} />;
      }}
    </ByQuery>
  );
}
