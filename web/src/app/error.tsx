"use client";

import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";

/** Stands in for a page that broke: the rest of VORI goes on. */
export default function Broken({ reset }: { error: Error; reset: () => void }) {
  const { t } = useTranslation();
  return (
    <section role="alert" className="flex flex-col items-center gap-4 py-24 text-center">
      <h1 className="text-title font-semibold">{t("errors.broken")}</h1>
      <p className="text-quiet">{t("errors.brokenHow")}</p>
      <Button look="main" onClick={reset}>
        {t("errors.again")}
      </Button>
    </section>
  );
}
