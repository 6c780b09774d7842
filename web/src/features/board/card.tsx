"use client";

import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { Pencil } from "lucide-react";
import dynamic from "next/dynamic";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketOut } from "@/api/schema";
import { kept, KEYS } from "@/ui/kept";
import { Quotes } from "@/ui/quotes";
import { TicketCard } from "@/ui/ticket-card";
import { UndoLatest, useHistory } from "@/ui/ticket-history";
import type { Place } from "./arrange";
import { drafts } from "./drafts";
import { MoveMenu } from "./move-menu";
import { see, useUnseen } from "./seen";
import "@/i18n/words/board";

const EditCard = dynamic(() => import("./edit-card").then((made) => made.EditCard), { ssr: false });

export interface CardProps {
  ticket: TicketOut;
  /** VORI changed it a moment ago, before the reader's eyes. */
  fresh: boolean;
  onOpen: (ticket: TicketOut) => void;
  onMove: (ticket: TicketOut, place: Place) => void;
}

/** On a card with focus: change it in place. A single letter may be switched off. */
function edits({ key, code, ctrlKey, metaKey, altKey }: React.KeyboardEvent): boolean {
  if (key === "F2") return true;
  return code === "KeyE" && !ctrlKey && !metaKey && !altKey && kept(KEYS) !== "off"; // also under a Korean keyboard
}

/** A ticket on the board: a press or Enter opens it, space picks it up, `e`, F2 or the pencil changes it in place. */
export function Card({ ticket, fresh, onOpen, onMove }: CardProps) {
  const { t } = useTranslation();
  const unseen = useUnseen(ticket);
  const [editing, setEditing] = useState(() => drafts.has(ticket.ticket_id));
  const card = useRef<HTMLDivElement>(null);
  const leave = () => {
    setEditing(false);
    setTimeout(() => card.current?.focus());
  };
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({
    id: ticket.ticket_id,
  });
  return (
    <li
      ref={setNodeRef}
      data-ticket={ticket.ticket_id}
      style={{ transform: CSS.Transform.toString(transform), transition }}
      className={`group relative ${isDragging ? "z-10 shadow-float" : ""}`}
      onPointerEnter={() => see(ticket)}
    >
      {editing ? (
        <EditCard ticket={ticket} onClose={leave} />
      ) : (
        <div
          ref={card}
          {...attributes}
          {...listeners}
          onClick={() => onOpen(ticket)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && !isDragging) onOpen(ticket);
            else if (edits(event) && !isDragging) {
              event.preventDefault();
              setEditing(true);
            } else (listeners?.["onKeyDown"] as ((event: React.KeyboardEvent) => void) | undefined)?.(event);
          }}
          className="cursor-grab touch-manipulation rounded-card"
        >
          <TicketCard as="div" ticket={ticket} mark={unseen ? t("board.changedByVori") : null} />
        </div>
      )}
      {fresh && <Why ticket={ticket} />}
      {!editing && (
        <div className="absolute top-1 right-1 flex">
          <button
            type="button"
            aria-label={`${t("board.edit")} ${ticket.key}`}
            title={t("board.edit")}
            onClick={() => setEditing(true)}
            className="inline-flex min-h-9 items-center rounded-control p-2 text-quiet group-focus-within:opacity-100 group-hover:opacity-100 hover:bg-sand pointer-fine:opacity-0"
          >
            <Pencil aria-hidden size={14} />
          </button>
          <MoveMenu ticket={ticket} onMove={(status) => onMove(ticket, { status, after: null })} />
        </div>
      )}
    </li>
  );
}

/** Why VORI has just changed it: the words, their sound, and the way back. */
function Why({ ticket }: { ticket: TicketOut }) {
  const last = useHistory(ticket).find((change) => change.version === ticket.version);
  if (!last) return null;
  return (
    <div role="status" className="-mt-2 rounded-b-card border border-t-0 border-accent bg-card px-3 pt-3 pb-1">
      <p className="text-meta text-accent">{last.reason}</p>
      <Quotes change={last} />
      <UndoLatest ticket={ticket} />
    </div>
  );
}
