"use client";

import { useTranslation } from "react-i18next";
import { Panel } from "@/ui/panel";
import { chord, LETTERS, NAMES } from "./keys";
import "@/i18n/words/search";

/** Which keys do what. */
export function Sheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const lines: [string, string][] = [
    [chord(), t("keys.palette")],
    ["/", t("keys.find")],
    ["n", t("search.newTicket")],
    ["e, F2", t("keys.card")],
    ["?", t("keys.help")],
    ...LETTERS.map((letter): [string, string] => [`g ${letter}`, t("search.go", { place: t(`nav.${NAMES[letter]}`) })]),
  ];
  return (
    <Panel open onClose={onClose} title={t("keys.title")}>
      <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2">
        {lines.map(([key, what]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded-control border border-line bg-card px-2 py-0.5">{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-meta text-quiet">{t("keys.off")}</p>
    </Panel>
  );
}
