"use client";

import { useTranslation } from "react-i18next";
import type { Standing as Stands } from "@/api/schema";
import "@/i18n/words/analytics";

const KNOWN = ["turned_off", "getting_ready", "no_java", "no_jars", "no_maven"] as const;

/** Why numbers don't come just now, and what to do; nothing while analytics works. */
export function Standing({ standing }: { standing: Stands }) {
  const { t } = useTranslation();
  if (standing.state === "working") return null;
  const off = standing.state === "off";
  const known = KNOWN.find((each) => each === standing.code);
  const reason = known ? t(`analytics.why.${known}`) : `${standing.reason} ${standing.remedy}`;
  return (
    <p role="status" className="flex gap-3 rounded-card border border-line bg-card p-5">
      <span aria-hidden className={`mt-2 size-2 shrink-0 rounded-full ${off ? "bg-danger" : "bg-progress"}`} />
      <span>
        {t(off ? "analytics.off" : "analytics.starting", { reason })} {t("analytics.until")}
      </span>
    </p>
  );
}
