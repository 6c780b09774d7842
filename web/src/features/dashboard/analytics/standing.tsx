"use client";

import { useTranslation } from "react-i18next";
import type { Standing as Stands } from "@/api/schema";
import "@/i18n/words/analytics";

/** Why numbers don't come just now, and what to do; nothing while analytics works. */
export function Standing({ standing }: { standing: Stands }) {
  const { t } = useTranslation();
  if (standing.state === "working") return null;
  const off = standing.state === "off";
  return (
    <p role="status" className="flex gap-3 rounded-card border border-line bg-card p-5">
      <span aria-hidden className={`mt-2 size-2 shrink-0 rounded-full ${off ? "bg-danger" : "bg-progress"}`} />
      <span>
        {t(off ? "analytics.off" : "analytics.starting", { reason: standing.reason })} {standing.remedy}{" "}
        {t("analytics.until")}
      </span>
    </p>
  );
}
