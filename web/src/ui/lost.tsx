"use client";

import { useTranslation } from "react-i18next";
import { useLost } from "./follow";

/** One line while the connection is broken: what is shown is as it was then. */
export function Lost() {
  const { t } = useTranslation();
  const lost = useLost();
  return (
    <div role="status">
      {lost && (
        <p className="mb-4 flex items-center gap-2 text-meta text-quiet">
          <span aria-hidden className="size-2 shrink-0 rounded-full bg-danger" />
          {t("app.reconnecting")}
        </p>
      )}
    </div>
  );
}
