"use client";

import { useRouter } from "next/navigation";
import { Welcome } from "@/features/welcome/welcome";

export default function Page() {
  const router = useRouter();
  return <Welcome onSkip={() => router.push("/")} />;
}
