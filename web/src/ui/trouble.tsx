"use client";

import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Refusal } from "@/api/client";

/** Why something didn't work and what to do, in a sentence or two. */
export function reason(error: unknown, t: TFunction): string {
  if (!(error instanceof Refusal)) return t("errors.unreachable");
  return error.problem.code === "stale" ? t("errors.stale") : error.message;
}

/** What went wrong, and what to do. */
export function Trouble({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!error) return null;
  return (
    <p role="alert" className="mt-2 text-meta text-danger">
      {reason(error, t)}
    </p>
  );
}
