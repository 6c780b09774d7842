"use client";

import { useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data, Refusal } from "@/api/client";
import type { Bulk, Problem, Result, Status, TicketChange, TicketOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Choices, Input, Select } from "@/ui/field";
import { useWithMembers } from "@/ui/members";
import { say } from "@/ui/toast";
import { reason, Trouble } from "@/ui/trouble";
import { STATUSES } from "./choose";
import "@/i18n/words/tickets";

const AT_ONCE = 200; // what one request of the API may hold

type Operation = Bulk["operations"][number];
type Told = (count: number) => string;

interface Wish {
  operations: readonly Extract<Operation, { do: "change" }>[];
  /** What is said once so many were changed. */
  told: Told;
}

/** What became of one operation. */
interface Outcome {
  ticket?: TicketOut | null;
  error?: unknown;
}

/** In the order of the operations. Throws if not even the first part could be asked for. */
async function inParts(operations: readonly Operation[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (let from = 0; from < operations.length; from += AT_ONCE) {
    const body = { operations: operations.slice(from, from + AT_ONCE) };
    try {
      const results: Result[] = await data(api.POST("/api/tickets/bulk", { body }));
      outcomes.push(...results.map(({ ticket, problem }) => (problem ? { error: refusal(problem) } : { ticket })));
    } catch (error) {
      if (from === 0) throw error;
      return [...outcomes, ...operations.slice(from).map(() => ({ error }))];
    }
  }
  return outcomes;
}

const refusal = (problem: NonNullable<Result["problem"]>) => new Refusal(problem as unknown as Problem);

interface BulkBarProps {
  tickets: readonly TicketOut[];
  /** `left` are the ids of those that could not be changed. */
  onDone: (left: readonly string[]) => void;
}

/** What can be done to all tickets that are selected, at once; one that somebody changed meanwhile is left alone. */
export function BulkBar({ tickets, onDone }: BulkBarProps) {
  const { t } = useTranslation();
  const change = useMutation({
    mutationFn: ({ operations }: Wish) => inParts(operations),
    onSuccess: (outcomes, { operations, told }) => {
      const failed = outcomes.filter(({ error }) => error);
      const changed = outcomes.flatMap(({ ticket }, at) =>
        ticket && ticket.version !== operations[at]?.change.version ? [ticket] : [],
      );
      if (changed.length) say(told(changed.length), { label: t("board.undo"), run: () => back(changed) });
      else if (!failed.length) say(t("tickets.alike"));
      if (failed.length) say(t("tickets.failed", { count: failed.length, why: why(failed) }));
      onDone(operations.flatMap(({ ticket_id }, at) => (outcomes[at]?.error ? [ticket_id] : [])));
    },
  });
  const set = (to: (ticket: TicketOut) => Partial<TicketChange>, told: Told) => {
    const operations = tickets.map((ticket) => {
      const { ticket_id, version } = ticket;
      return { do: "change" as const, ticket_id, change: { ...to(ticket), version } };
    });
    change.mutate({ operations, told });
  };
  /** Takes back what was just changed, where nobody has changed it again. */
  const back = (changed: readonly TicketOut[]) => {
    const told = (undone: readonly Outcome[]) => {
      const kept = undone.filter(({ error }) => error);
      if (kept.length < undone.length) say(t("tickets.undone", { count: undone.length - kept.length }));
      if (kept.length) say(t("tickets.notUndone", { count: kept.length, why: why(kept) }));
    };
    inParts(changed.map(({ ticket_id, version }) => ({ do: "undo", ticket_id, version }))).then(
      told,
      (error: unknown) => say(reason(error, t)),
    );
  };
  /** The reasons, each once. */
  const why = (failed: readonly Outcome[]) => [...new Set(failed.map(({ error }) => reason(error, t)))].join(" ");
  const some: Told = (count) => t("tickets.changed", { count });
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
          set(
            () => ({ status }),
            (count) => t("tickets.moved", { count, status: t(`status.${status}`) }),
          );
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
        onSet={(assignee) => set(() => ({ assignee: assignee || null }), some)}
      />
      <Write
        label={t("tickets.setLabel")}
        onSet={(label) => label && set(({ labels }) => ({ labels: [...new Set([...labels, label])] }), some)}
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
