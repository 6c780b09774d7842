"use client";

import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { TicketOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Quotes } from "@/ui/quotes";
import { TicketCard } from "@/ui/ticket-card";
import { Trouble } from "@/ui/trouble";
import type { Place } from "./arrange";
import { MoveMenu } from "./move-menu";
import { see, useUnseen } from "./seen";
import "@/i18n/words/board";

export interface CardProps {
  ticket: TicketOut;
  /** VORI changed it a moment ago, before the reader's eyes. */
  fresh: boolean;
  onOpen: (ticket: TicketOut) => void;
  onMove: (ticket: TicketOut, place: Place) => void;
}

/** A ticket on the board: a press or Enter opens it, space picks it up. */
export function Card({ ticket, fresh, onOpen, onMove }: CardProps) {
  const { t } = useTranslation();
  const unseen = useUnseen(ticket);
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({
    id: ticket.ticket_id,
  });
  return (
    <li
      ref={setNodeRef}
      data-ticket={ticket.ticket_id}
      style={{ transform: CSS.Transform.toString(transform), transition }}
      className={`relative ${isDragging ? "z-10 shadow-float" : ""}`}
      onPointerEnter={() => see(ticket)}
    >
      <div
        {...attributes}
        {...listeners}
        onClick={() => onOpen(ticket)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && !isDragging) onOpen(ticket);
          else (listeners?.["onKeyDown"] as ((event: React.KeyboardEvent) => void) | undefined)?.(event);
        }}
        className="cursor-grab touch-manipulation rounded-card"
      >
        <TicketCard as="div" ticket={ticket} mark={unseen ? t("board.changedByVori") : null} />
      </div>
      {fresh && <Why ticket={ticket} />}
      <MoveMenu ticket={ticket} onMove={(status) => onMove(ticket, { status, after: null })} />
    </li>
  );
}

/** Why VORI has just changed it: the words, their sound, and the way back. */
function Why({ ticket }: { ticket: TicketOut }) {
  const { t } = useTranslation();
  const path = { ticket_id: ticket.ticket_id };
  const { data: history = [] } = useQuery({
    queryKey: ["history", ticket.ticket_id, ticket.version],
    queryFn: () => data(api.GET("/api/tickets/{ticket_id}/history", { params: { path } })),
  });
  const undo = useMutation({
    mutationFn: () => data(api.POST("/api/tickets/{ticket_id}/undo", { params: { path } })),
  });
  const last = history.find((change) => change.version === ticket.version);
  if (!last) return null;
  return (
    <div role="status" className="-mt-2 rounded-b-card border border-t-0 border-accent bg-card px-3 pt-3 pb-1">
      <p className="text-meta text-accent">{last.reason}</p>
      <Quotes change={last} />
      <Button look="quiet" className="-ml-4" onClick={() => undo.mutate()} disabled={undo.isPending}>
        <Undo2 aria-hidden size={14} />
        {t("board.undo")}
      </Button>
      <Trouble error={undo.error} />
    </div>
  );
}
