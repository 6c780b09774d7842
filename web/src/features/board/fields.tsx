"use client";

import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Priority, Status, TicketChange, TicketOut } from "@/api/schema";
import { Area, Choices, Field, Input, Select } from "@/ui/field";
import { COLUMNS } from "./arrange";
import "@/i18n/words/board";
import "@/i18n/words/ticket";

const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

interface FieldsProps {
  ticket: TicketOut;
  people: readonly string[];
  labels: readonly string[];
  onSave: (change: Partial<TicketChange>) => void;
}

/** Enter leaves a field of one line, which saves it. */
function leave(event: KeyboardEvent<HTMLInputElement>) {
  if (event.key === "Enter" && !event.nativeEvent.isComposing) event.currentTarget.blur();
}

/** What a ticket says of itself. A field is saved when one leaves it; what others change meanwhile is shown at once. */
export function Fields({ ticket, people, labels, onSave }: FieldsProps) {
  const { t } = useTranslation();
  const label = ticket.labels.join(", ");
  return (
    <div className="flex flex-col gap-3">
      <Field label={t("ticket.title")}>
        <Input
          key={ticket.title}
          defaultValue={ticket.title}
          maxLength={200}
          className="font-medium"
          onKeyDown={leave}
          onBlur={({ target }) => {
            const title = target.value.trim();
            if (title && title !== ticket.title) onSave({ title });
            else target.value = ticket.title;
          }}
        />
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field label={t("ticket.status")}>
          <Select value={ticket.status} onChange={({ target }) => onSave({ status: target.value as Status })}>
            {COLUMNS.map((status) => (
              <option key={status} value={status}>
                {t(`status.${status}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("board.assignee")}>
          <Input
            key={ticket.assignee}
            defaultValue={ticket.assignee ?? ""}
            placeholder={t("board.unassigned")}
            maxLength={80}
            list="people"
            onKeyDown={leave}
            onBlur={({ target }) => {
              const assignee = target.value.trim() || null;
              if (assignee !== ticket.assignee) onSave({ assignee });
            }}
          />
        </Field>
        <Field label={t("ticket.due")}>
          <Input
            key={ticket.due}
            type="date"
            defaultValue={ticket.due ?? ""}
            onKeyDown={leave}
            onBlur={({ target }) => {
              const due = target.value || null;
              if (due !== ticket.due) onSave({ due });
            }}
          />
        </Field>
        <Field label={t("ticket.priority")}>
          <Select
            value={ticket.priority ?? ""}
            onChange={({ target }) => onSave({ priority: (target.value || null) as Priority | null })}
          >
            <option value="">{t("ticket.noPriority")}</option>
            {PRIORITIES.map((priority) => (
              <option key={priority} value={priority}>
                {t(`ticket.priorities.${priority}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <Field label={t("ticket.labels")} help={t("ticket.labelsHelp")}>
        <Input
          key={label}
          defaultValue={label}
          list="labels"
          onKeyDown={leave}
          onBlur={({ target }) => {
            const named = [...new Set(target.value.split(",").map((name) => name.trim()))].filter(Boolean);
            if (named.join(", ") !== label) onSave({ labels: named });
          }}
        />
      </Field>
      <Field label={t("ticket.blocked")} help={t("ticket.blockedHelp")}>
        <Input
          key={`${ticket.blocked} ${ticket.blocked_reason}`}
          defaultValue={ticket.blocked ? ticket.blocked_reason || t("board.blocked") : ""}
          maxLength={200}
          onKeyDown={leave}
          onBlur={({ target }) => {
            const reason = target.value.trim();
            const shown = ticket.blocked ? ticket.blocked_reason || t("board.blocked") : "";
            if (reason !== shown) onSave({ blocked: reason !== "", blocked_reason: reason });
          }}
        />
      </Field>
      <Field label={t("ticket.content")}>
        <Area
          key={ticket.content}
          defaultValue={ticket.content}
          rows={5}
          onBlur={({ target }) => {
            if (target.value.trim() !== ticket.content) onSave({ content: target.value.trim() });
          }}
        />
      </Field>
      <Choices id="people" names={people} />
      <Choices id="labels" names={labels} />
    </div>
  );
}
