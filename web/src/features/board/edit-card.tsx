"use client";

import { type KeyboardEvent, type SyntheticEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketChange, TicketOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Choices, Input } from "@/ui/field";
import { useWithMembers } from "@/ui/members";
import { day } from "@/ui/time";
import { Trouble } from "@/ui/trouble";
import { type Draft, drafts } from "./drafts";
import { useEdit } from "./use-edit";
import "@/i18n/words/board";
import "@/i18n/words/ticket";

/** A card being changed where it stands. Over what somebody else changed meanwhile one is asked first. */
export function EditCard({ ticket, onClose }: { ticket: TicketOut; onClose: () => void }) {
  const { t, i18n } = useTranslation();
  const [draft, setDraft] = useState(() => drafts.get(ticket.ticket_id) ?? begun(ticket));
  const { was, title, assignee, due } = draft;
  const write = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    drafts.set(ticket.ticket_id, next);
    setDraft(next);
  };
  const leave = () => {
    drafts.delete(ticket.ticket_id);
    onClose();
  };
  const edit = useEdit();
  const offers = useWithMembers(ticket.assignee ? [ticket.assignee] : []);
  const id = useId();
  const changed = (): Partial<TicketChange> => ({
    ...(title.trim() !== was.title && { title: title.trim() }),
    ...((assignee.trim() || null) !== was.assignee && { assignee: assignee.trim() || null }),
    ...((due || null) !== was.due && { due: due || null }),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    const change = changed();
    if (!title.trim() || edit.isPending) return;
    if (Object.keys(change).length === 0) {
      leave();
      return;
    }
    edit.mutate(
      {
        ticket,
        change: { ...change, version: edit.isError ? ticket.version : was.version },
        told: t("board.changed", { key: ticket.key }),
      },
      { onSuccess: leave },
    );
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !event.nativeEvent.isComposing) leave();
  };
  const theirs = (["title", "assignee", "due"] as const).some((field) => was[field] !== ticket[field]);
  return (
    <form
      onSubmit={submit}
      onKeyDown={keys}
      aria-label={`${t("board.edit")} ${ticket.key}`}
      className="flex flex-col gap-2 rounded-card border border-accent bg-card p-3"
    >
      <p className="text-meta text-quiet">{ticket.key}</p>
      <Input
        autoFocus
        required
        aria-label={t("board.newTitle")}
        value={title}
        maxLength={200}
        onChange={({ target }) => write({ title: target.value })}
      />
      <div className="grid grid-cols-[minmax(0,1fr)_auto] gap-2">
        <Input
          aria-label={t("board.assignee")}
          placeholder={t("board.unassigned")}
          value={assignee}
          maxLength={80}
          list={id}
          onChange={({ target }) => write({ assignee: target.value })}
        />
        <Input
          type="date"
          aria-label={t("board.dueDay")}
          value={due}
          onChange={({ target }) => write({ due: target.value })}
        />
      </div>
      <Choices id={id} names={offers} />
      {!title.trim() && (
        <p role="alert" className="text-meta text-danger">
          {t("board.needsTitle")}
        </p>
      )}
      {theirs && (
        <p role="status" className="text-meta text-quiet">
          {t("board.theirs", {
            title: ticket.title,
            assignee: ticket.assignee ?? t("board.unassigned"),
            due: ticket.due ? day(ticket.due, i18n.language) : t("ticket.noDay"),
          })}
        </p>
      )}
      <Trouble error={edit.error} />
      <div className="flex gap-2">
        <Button look="main" type="submit" disabled={!title.trim() || edit.isPending}>
          {t("board.save")}
        </Button>
        <Button look="quiet" onClick={leave}>
          {t("board.leave")}
        </Button>
      </div>
    </form>
  );
}

function begun(was: TicketOut): Draft {
  return { was, title: was.title, assignee: was.assignee ?? "", due: was.due ?? "" };
}
