"use client";

import { useTranslation } from "react-i18next";
import { Field, Input, Select } from "@/ui/field";
import type { Wanted } from "./queries";
import "@/i18n/words/meetings";

const STATES = ["", "planned", "live", "ended"] as const;

/** By words, state and day. */
export function Filters({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  const { t } = useTranslation();
  const change = (part: Partial<Wanted>) => onChange({ ...wanted, ...part });
  return (
    <search className="mt-6 grid grid-cols-2 items-end gap-3 md:grid-cols-[1fr_auto_auto_auto]">
      <div className="col-span-2 md:col-span-1">
        <Field label={t("meetings.search")}>
          <Input type="search" value={wanted.text} onChange={(event) => change({ text: event.target.value })} />
        </Field>
      </div>
      <div className="col-span-2 md:col-span-1">
        <Field label={t("meetings.state")}>
          <Select
            value={wanted.state}
            onChange={({ target }) => change({ state: STATES.find((state) => state === target.value) ?? "" })}
          >
            {STATES.map((state) => (
              <option key={state} value={state}>
                {t(`meetings.${state || "any"}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label={t("meetings.from")}>
        <Input type="date" value={wanted.from} onChange={(event) => change({ from: event.target.value })} />
      </Field>
      <Field label={t("meetings.to")}>
        <Input type="date" value={wanted.to} onChange={(event) => change({ to: event.target.value })} />
      </Field>
    </search>
  );
}
