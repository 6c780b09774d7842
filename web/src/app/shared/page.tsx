import type { Metadata } from "next";
import { Shared } from "@/features/minutes/shared";

export const metadata: Metadata = { robots: { index: false, follow: false }, referrer: "no-referrer" };

export default function Page() {
  return <Shared />;
}
