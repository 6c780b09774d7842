"use client";

import {
  closestCorners,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  TouchSensor,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { Status, TicketOut } from "@/api/schema";
import { useLive } from "@/ui/follow";
import { TicketCard } from "@/ui/ticket-card";
import { Trouble } from "@/ui/trouble";
import { COLUMNS, columns, dropped, type Place, placed } from "./arrange";
import { MoveMenu } from "./move-menu";

const TINTS: Record<Status, string> = { TODO: "text-todo", IN_PROGRESS: "text-progress", DONE: "text-done" };

/** The team's tickets in three columns; whatever anybody does is shown at once. */
export function Board() {
  const { t } = useTranslation();
  const { state, connection } = useLive(null);
  const [moving, setMoving] = useState<{ ticket: TicketOut; place: Place } | null>(null);
  const move = useMutation({
    mutationFn: ({ ticket, place }: { ticket: TicketOut; place: Place }) =>
      data(
        api.PATCH("/api/tickets/{ticket_id}", {
          params: { path: { ticket_id: ticket.ticket_id } },
          body: { status: place.status, after: place.after },
        }),
      ),
    onMutate: setMoving,
  });
  const settled = moving && state.tickets.get(moving.ticket.ticket_id)?.version !== moving.ticket.version;
  const guess = moving && !settled && !move.isError;
  const all = columns(guess ? placed(state.tickets, moving.ticket.ticket_id, moving.place) : state.tickets.values());
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const drop = ({ active, over }: DragEndEvent) => {
    const ticket = state.tickets.get(String(active.id));
    const place = over && dropped(all, String(active.id), String(over.id));
    if (ticket && place) move.mutate({ ticket, place });
  };
  if (connection === "connecting") return null;
  return (
    <section>
      <h1 className="text-display font-semibold">{t("board.title")}</h1>
      <Trouble error={move.error} />
      {state.tickets.size === 0 && <p className="py-16 text-center text-quiet">{t("board.empty")}</p>}
      <DndContext sensors={sensors} collisionDetection={closestCorners} onDragEnd={drop}>
        <div className="mt-6 flex snap-x gap-4 overflow-x-auto md:grid md:grid-cols-3">
          {COLUMNS.map((status) => (
            <Column
              key={status}
              status={status}
              tickets={all[status]}
              onMove={(ticket, place) => move.mutate({ ticket, place })}
            />
          ))}
        </div>
      </DndContext>
    </section>
  );
}

interface ColumnProps {
  status: Status;
  tickets: TicketOut[];
  onMove: (ticket: TicketOut, place: Place) => void;
}

function Column({ status, tickets, onMove }: ColumnProps) {
  const { t } = useTranslation();
  const { setNodeRef, isOver } = useDroppable({ id: status });
  return (
    <section
      ref={setNodeRef}
      aria-label={t(`status.${status}`)}
      className={`min-w-[80vw] snap-start rounded-card p-2 md:min-w-0 ${isOver ? "bg-sand" : ""}`}
    >
      <h2 className={`mb-3 flex items-center gap-2 font-semibold ${TINTS[status]}`}>
        {t(`status.${status}`)}
        <span className="font-normal text-quiet">{tickets.length}</span>
      </h2>
      <SortableContext items={tickets.map((ticket) => ticket.ticket_id)} strategy={verticalListSortingStrategy}>
        <ul className="flex min-h-24 flex-col gap-2">
          {tickets.map((ticket) => (
            <Item key={ticket.ticket_id} ticket={ticket} onMove={onMove} />
          ))}
        </ul>
      </SortableContext>
    </section>
  );
}

function Item({ ticket, onMove }: { ticket: TicketOut; onMove: ColumnProps["onMove"] }) {
  const { attributes, listeners, setNodeRef, transform, transition, isDragging } = useSortable({
    id: ticket.ticket_id,
  });
  return (
    <li
      ref={setNodeRef}
      style={{ transform: CSS.Transform.toString(transform), transition }}
      className={`relative ${isDragging ? "z-10 shadow-float" : ""}`}
    >
      <div {...attributes} {...listeners} className="cursor-grab touch-manipulation rounded-card">
        <TicketCard ticket={ticket} />
      </div>
      <MoveMenu ticket={ticket} onMove={(status) => onMove(ticket, { status, after: null })} />
    </li>
  );
}
