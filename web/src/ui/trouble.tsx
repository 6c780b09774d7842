"use client";

import { useTranslation } from "react-i18next";
import { Refusal } from "@/api/client";

/** What went wrong, and what to do. */
export function Trouble({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!error) return null;
  return (
    <p role="alert" className="mt-2 text-meta text-danger">
      {error instanceof Refusal ? error.message : t("errors.unreachable")}
    </p>
  );
}
