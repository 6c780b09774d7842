"use client";

import { ByQuery } from "@/app/by-query";
import { Join } from "@/features/meetings/join";

export default function Page() {
  return <ByQuery>{(query) => <Join meetingId={query.get("id") ?? "none"} />}</ByQuery>;
}
