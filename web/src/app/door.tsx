"use client";

import { KeyRound } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Refusal } from "@/api/client";
import { Button } from "@/ui/button";
import { useHealth } from "@/ui/health";

/** What stands on every page for a browser that hasn't opened the owner's link. */
export function Door({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const { error } = useHealth();
  if (!(error instanceof Refusal && error.problem.status === 401)) return children;
  return (
    <section className="mx-auto flex max-w-md flex-col items-center gap-4 py-24 text-center">
      <KeyRound aria-hidden size={32} className="text-accent" />
      <h1 className="text-title font-semibold">{t("door.title")}</h1>
      <p className="text-quiet">{t("door.told")}</p>
      <p className="text-quiet">{t("door.how")}</p>
      <code className="rounded-control border border-line bg-card px-3 py-2">vori link</code>
      <Button onClick={() => location.reload()}>{t("errors.again")}</Button>
    </section>
  );
}
