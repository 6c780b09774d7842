"use client";

import { useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { Bulk, Result, Status, TicketChange, TicketOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Choices, Input, Select } from "@/ui/field";
import { useWithMembers } from "@/ui/members";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";
import { STATUSES } from "./choose";
import "@/i18n/words/tickets";

const AT_ONCE = 200; // what one request of the API may hold

type Operation = Bulk["operations"][number];

async function inParts(operations: readonly Operation[]): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < operations.length; from += AT_ONCE) {
    const body = { operations: operations.slice(from, from + AT_ONCE) };
    results.push(...(await data(api.POST("/api/tickets/bulk", { body }))));
  }
  return results;
}

/** The reason of the first that failed. */
function why(failed: readonly Result[]): string {
  const told = failed[0]?.problem?.detail;
  return typeof told === "string" ? told : "";
}

/** What can be done to all tickets that are selected, at once. */
export function BulkBar({ tickets, onDone }: { tickets: readonly TicketOut[]; onDone: () => void }) {
  const { t } = useTranslation();
  const change = useMutation({
    mutationFn: (to: (ticket: TicketOut) => Partial<TicketChange>) =>
      inParts(tickets.map((ticket) => ({ do: "change", ticket_id: ticket.ticket_id, change: to(ticket) }))),
    onMutate: () => new Map(tickets.map((ticket) => [ticket.ticket_id, ticket.version])), // live news may overtake the answer
    onSuccess: (results, _, before) => {
      const failed = results.filter((result) => result.problem);
      const done = results.length - failed.length;
      if (done) say(t("tickets.changed", { count: done }), back(results, before));
      if (failed.length) say(t("tickets.failed", { count: failed.length, why: why(failed) }));
      onDone();
    },
  });
  /** Takes back what really changed, and is as it was left; undefined when nothing did. */
  const back = (results: readonly Result[], before: ReadonlyMap<string, number>) => {
    const operations = results.flatMap(({ ticket }) =>
      ticket && ticket.version !== before.get(ticket.ticket_id)
        ? [{ do: "undo" as const, ticket_id: ticket.ticket_id, version: ticket.version }]
        : [],
    );
    if (operations.length === 0) return undefined;
    const told = (undone: readonly Result[]) => {
      const kept = undone.filter((result) => result.problem);
      if (kept.length < undone.length) say(t("tickets.undone", { count: undone.length - kept.length }));
      if (kept.length) say(t("tickets.notUndone", { count: kept.length, why: why(kept) }));
    };
    return {
      label: t("board.undo"),
      run: () => {
        inParts(operations).then(told, (error: unknown) => say(error instanceof Error ? error.message : String(error)));
      },
    };
  };
  const people = useWithMembers(tickets.flatMap((ticket) => ticket.assignee ?? []));
  return (
    <div className="mt-4 flex flex-wrap items-center gap-2 rounded-card border border-line bg-sand p-2">
      <p role="status" className="px-2 font-medium">
        {t("tickets.selected", { count: tickets.length })}
      </p>
      <Select
        aria-label={t("tickets.setStatus")}
        value=""
        disabled={change.isPending}
        onChange={({ target }) => {
          const status = target.value as Status; // by the time of the request the field is empty again
          change.mutate(() => ({ status }));
        }}
        className="max-w-32"
      >
        <option value="">{t("tickets.setStatus")}</option>
        {STATUSES.map((status) => (
          <option key={status} value={status}>
            {t(`status.${status}`)}
          </option>
        ))}
      </Select>
      <Write
        label={t("tickets.setAssignee")}
        offers={people}
        onSet={(assignee) => change.mutate(() => ({ assignee: assignee || null }))}
      />
      <Write
        label={t("tickets.setLabel")}
        onSet={(label) => label && change.mutate((ticket) => ({ labels: [...new Set([...ticket.labels, label])] }))}
      />
      <Trouble error={change.error} />
    </div>
  );
}

interface WriteProps {
  label: string;
  offers?: readonly string[];
  onSet: (value: string) => void;
}

function Write({ label, offers, onSet }: WriteProps) {
  const { t } = useTranslation();
  const id = useId();
  const [value, keep] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onSet(value.trim());
  };
  return (
    <form onSubmit={submit} className="flex gap-1">
      <Input
        aria-label={label}
        placeholder={label}
        value={value}
        maxLength={40}
        list={offers && id}
        onChange={({ target }) => keep(target.value)}
        className="max-w-36"
      />
      {offers && <Choices id={id} names={offers} />}
      <Button type="submit" aria-label={`${t("tickets.set")}: ${label}`}>
        {t("tickets.set")}
      </Button>
    </form>
  );
}
