"use client";

import Link from "next/link";
import { useTranslation } from "react-i18next";
import type { Status, TicketOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Input, Select } from "@/ui/field";
import { NAME, useStored } from "@/ui/stored";
import { kinds, STATUSES, type Wanted } from "./choose";

interface FiltersProps {
  tickets: readonly TicketOut[];
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
}

/** What narrows the list down; "mine" is what the name in the settings is assigned to. */
export function Filters({ tickets, wanted, onChange }: FiltersProps) {
  const { t } = useTranslation();
  const [name] = useStored(NAME);
  const mine = name !== "" && wanted.assignee === name;
  const people = kinds([...tickets.map((ticket) => ticket.assignee), name || null]);
  return (
    <div className="mt-6 flex flex-wrap items-center gap-2">
      <Input
        type="search"
        aria-label={t("tickets.text")}
        placeholder={t("tickets.text")}
        value={wanted.text}
        onChange={({ target }) => onChange({ ...wanted, text: target.value })}
        className="md:max-w-72"
      />
      <Select
        aria-label={t("tickets.status")}
        value={wanted.status}
        onChange={({ target }) => onChange({ ...wanted, status: target.value as Status | "" })}
        className="max-w-40"
      >
        <option value="">{t("tickets.anyStatus")}</option>
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {t(`status.${status}`)}
          </option>
        ))}
      </Select>
      <Choice
        label={t("tickets.assignee")}
        none={t("tickets.anyone")}
        options={people}
        value={wanted.assignee}
        onChange={(assignee) => onChange({ ...wanted, assignee })}
      />
      <Choice
        label={t("tickets.labels")}
        none={t("tickets.anyLabel")}
        options={kinds(tickets.flatMap((ticket) => ticket.labels))}
        value={wanted.label}
        onChange={(label) => onChange({ ...wanted, label })}
      />
      {name ? (
        <Button aria-pressed={mine} onClick={() => onChange({ ...wanted, assignee: mine ? "" : name })}>
          {t("tickets.mine")}
        </Button>
      ) : (
        <Link href="/settings/" className="text-meta text-accent underline">
          {t("tickets.mineHow")}
        </Link>
      )}
    </div>
  );
}

interface ChoiceProps {
  label: string;
  none: string;
  options: readonly string[];
  value: string;
  onChange: (value: string) => void;
}

function Choice({ label, none, options, value, onChange }: ChoiceProps) {
  return (
    <Select aria-label={label} value={value} onChange={({ target }) => onChange(target.value)} className="max-w-40">
      <option value="">{none}</option>
      {options.map((option) => (
        <option key={option}>{option}</option>
      ))}
    </Select>
  );
}
