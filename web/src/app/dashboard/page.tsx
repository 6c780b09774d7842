"use client";

import { Suspense } from "react";
import { Dashboard } from "@/features/dashboard/dashboard";

export default function Page() {
  return (
    <Suspense>
      <Dashboard />
    </Suspense>
  );
}
