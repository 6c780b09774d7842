"use client";

import { type ReadonlyURLSearchParams, useSearchParams } from "next/navigation";
import { type ReactNode, Suspense } from "react";

/** A page about what its query names: a static export has no address of its own for each meeting. */
export function ByQuery({ children }: { children: (query: ReadonlyURLSearchParams) => ReactNode }) {
  return (
    <Suspense>
      <Asked>{children}</Asked>
    </Suspense>
  );
}

function Asked({ children }: { children: (query: ReadonlyURLSearchParams) => ReactNode }) {
  return children(useSearchParams());
}
