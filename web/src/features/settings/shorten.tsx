"use client";

import { useTranslation } from "react-i18next";
import type { RetentionEffect } from "@/api/schema";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { moment } from "@/ui/time";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/settings";

interface ShortenProps {
  effect: RetentionEffect;
  error: unknown;
  busy: boolean;
  onYes: () => void;
  onClose: () => void;
}

/** What a shorter time deletes, and whether that is meant. */
export function Shorten({ effect, error, busy, onYes, onClose }: ShortenProps) {
  const { t, i18n } = useTranslation();
  return (
    <Panel open onClose={onClose} title={t("retention.title")}>
      <p>{t("retention.goes", { date: moment(effect.before, i18n.language) })}</p>
      <p className="mb-4 font-medium">
        {effect.meetings ? t("retention.concerns", { count: effect.meetings }) : t("retention.concernsNone")}
      </p>
      <div className="flex gap-2">
        <Button look="main" onClick={onYes} disabled={busy}>
          {t("retention.yes")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("settings.cancel")}
        </Button>
      </div>
      <Trouble error={error} />
    </Panel>
  );
}
