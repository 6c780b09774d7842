"use client";

import { type KeyboardEvent, type SyntheticEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketChange, TicketOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Choices, Input } from "@/ui/field";
import { useWithMembers } from "@/ui/members";
import { Trouble } from "@/ui/trouble";
import { useEdit } from "./use-edit";
import "@/i18n/words/board";

/** A card being changed where it stands. Over what somebody else changed meanwhile one is asked first. */
export function EditCard({ ticket, onClose }: { ticket: TicketOut; onClose: () => void }) {
  const { t } = useTranslation();
  const [was] = useState(ticket);
  const [title, setTitle] = useState(ticket.title);
  const [assignee, setAssignee] = useState(ticket.assignee ?? "");
  const [due, setDue] = useState(ticket.due ?? "");
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
      onClose();
      return;
    }
    edit.mutate(
      {
        ticket,
        change: { ...change, version: edit.isError ? ticket.version : was.version },
        told: t("board.changed", { key: ticket.key }),
      },
      { onSuccess: onClose },
    );
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
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
        onChange={({ target }) => setTitle(target.value)}
      />
      <div className="grid grid-cols-2 gap-2">
        <Input
          aria-label={t("board.assignee")}
          placeholder={t("board.unassigned")}
          value={assignee}
          maxLength={80}
          list={id}
          onChange={({ target }) => setAssignee(target.value)}
        />
        <Input type="date" aria-label={t("board.dueDay")} value={due} onChange={({ target }) => setDue(target.value)} />
      </div>
      <Choices id={id} names={offers} />
      {!title.trim() && (
        <p role="alert" className="text-meta text-danger">
          {t("board.needsTitle")}
        </p>
      )}
      {theirs && (
        <p role="status" className="text-meta text-quiet">
          {t("board.theirs", { title: ticket.title, assignee: ticket.assignee ?? t("board.unassigned") })}
        </p>
      )}
      <Trouble error={edit.error} />
      <div className="flex gap-2">
        <Button look="main" type="submit" disabled={!title.trim() || edit.isPending}>
          {t("board.save")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("board.leave")}
        </Button>
      </div>
    </form>
  );
}
