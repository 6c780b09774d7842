"use client";

import {
  closestCorners,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  TouchSensor,
  type UniqueIdentifier,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { sortableKeyboardCoordinates } from "@dnd-kit/sortable";
import { useTranslation } from "react-i18next";
import type { NewTicket, Status, TicketOut } from "@/api/schema";
import { COLUMNS, dropped } from "./arrange";
import type { CardProps } from "./card";
import { Column } from "./column";
import "@/i18n/words/board";

const KEYS = { start: ["Space"], cancel: ["Escape"], end: ["Space", "Enter"] };

interface LaneProps extends Omit<CardProps, "ticket" | "fresh"> {
  name: string | null;
  given: Partial<NewTicket>;
  tickets: Record<Status, TicketOut[]>;
  fresh: ReadonlySet<string>;
  /** Somebody asked for a new ticket: the first column offers it until they leave. */
  adding: boolean;
  onAdded: () => void;
  onDrag: (now: boolean) => void;
}

/** Three columns, of all tickets or of one person's or label's; cards are dragged within it. */
export function Lane({ name, given, tickets, fresh, adding, onAdded, onOpen, onMove, onDrag }: LaneProps) {
  const { t } = useTranslation();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 200, tolerance: 8 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates, keyboardCodes: KEYS }),
  );
  const every = COLUMNS.flatMap((status) => tickets[status]);
  const called = (id: UniqueIdentifier) => every.find((ticket) => ticket.ticket_id === id)?.key ?? "";
  const over = (id: UniqueIdentifier) => {
    const status = COLUMNS.find((each) => each === id || tickets[each].some((ticket) => ticket.ticket_id === id));
    return status ? t(`status.${status}`) : "";
  };
  const drop = ({ active, over: target }: DragEndEvent) => {
    onDrag(false);
    const ticket = every.find((each) => each.ticket_id === active.id);
    const place = target && dropped(tickets, String(active.id), String(target.id));
    if (ticket && place) onMove(ticket, place);
  };
  return (
    <section aria-label={name ?? undefined} className="mt-6">
      {name !== null && <h2 className="mb-2 px-2 text-title font-semibold">{name}</h2>}
      <DndContext
        sensors={sensors}
        collisionDetection={closestCorners}
        onDragStart={() => onDrag(true)}
        onDragCancel={() => onDrag(false)}
        onDragEnd={drop}
        accessibility={{
          screenReaderInstructions: { draggable: t("board.dragHelp") },
          announcements: {
            onDragStart: ({ active }) => t("board.picked", { key: called(active.id) }),
            onDragOver: ({ active, over: target }) =>
              target ? t("board.over", { key: called(active.id), status: over(target.id) }) : undefined,
            onDragEnd: ({ active, over: target }) =>
              target ? t("board.moved", { key: called(active.id), status: over(target.id) }) : undefined,
            onDragCancel: ({ active }) => t("board.dropped", { key: called(active.id) }),
          },
        }}
      >
        <div className="flex snap-x gap-4 overflow-x-auto md:grid md:grid-cols-3">
          {COLUMNS.map((status) => (
            <Column
              key={status}
              status={status}
              tickets={tickets[status]}
              given={given}
              fresh={fresh}
              asked={adding && status === "TODO"}
              onAdded={onAdded}
              onOpen={onOpen}
              onMove={onMove}
            />
          ))}
        </div>
      </DndContext>
    </section>
  );
}
