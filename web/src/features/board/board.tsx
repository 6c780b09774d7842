"use client";

import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketOut } from "@/api/schema";
import { useLive } from "@/ui/follow";
import { Trouble } from "@/ui/trouble";
import { columns, type Place, placed } from "./arrange";
import { fits, grouped, namesIn, narrowed, type Wanted, wantedBy } from "./filter";
import { useFresh } from "./fresh";
import { Lane } from "./lane";
import { see } from "./seen";
import { type Ask, Toolbar } from "./toolbar";
import { useEdit } from "./use-edit";
import { useSlide } from "./use-slide";
import "@/i18n/words/board";

const Drawer = dynamic(() => import("./drawer").then((made) => made.Drawer), { ssr: false });

/** The team's tickets in three columns; whatever anybody does is shown at once. */
export function Board() {
  const { t } = useTranslation();
  const { state, connection, last } = useLive(null);
  const query = useSearchParams();
  const wanted = wantedBy(query);
  const [moving, setMoving] = useState<{ ticket: TicketOut; place: Place } | null>(null);
  const [dragged, setDragged] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const move = useEdit();
  const settled = moving && state.tickets.get(moving.ticket.ticket_id)?.version !== moving.ticket.version;
  const guess = moving && !settled && !move.isError;
  const all = guess ? placed(state.tickets, moving.ticket.ticket_id, moving.place) : [...state.tickets.values()];
  const { people, labels } = useMemo(() => namesIn(state.tickets.values()), [state.tickets]);
  const fresh = useFresh(last);
  useSlide(box, dragged || Boolean(guess));
  const ask = useCallback<Ask>((changes) => {
    const next = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes))
      if (value === null) next.delete(name);
      else next.set(name, value);
    history.replaceState(null, "", next.size ? `?${next}` : location.pathname);
  }, []);
  const onMove = (ticket: TicketOut, place: Place) => {
    setMoving({ ticket, place });
    const told = t("board.moved", { key: ticket.key, status: t(`status.${place.status}`) });
    move.mutate({ ticket, change: { status: place.status, after: place.after }, told });
  };
  const onOpen = (ticket: TicketOut) => {
    see(ticket);
    ask({ ticket: ticket.key });
  };
  if (connection === "connecting") return null;
  const asked = query.get("ticket");
  const open = asked ? all.find((ticket) => ticket.key === asked || ticket.ticket_id === asked) : undefined;
  const visible = all.filter((ticket) => fits(ticket, wanted));
  return (
    <section>
      <h1 className="text-display font-semibold">{t("board.title")}</h1>
      <Toolbar wanted={wanted} people={people} labels={labels} onAsk={ask} />
      <Trouble error={move.error} />
      {state.tickets.size === 0 && <p className="py-16 text-center text-quiet">{t("board.empty")}</p>}
      {state.tickets.size > 0 && visible.length === 0 && narrowed(wanted) && (
        <p className="py-8 text-center text-quiet">{t("board.noneFits")}</p>
      )}
      {asked && !open && (
        <p role="alert" className="mt-4 text-quiet">
          {t("board.noSuch", { key: asked })}
        </p>
      )}
      <div ref={box}>
        {grouped(visible, wanted.group).map((group, at) => (
          <Lane
            key={group.name ?? ""}
            name={wanted.group ? (group.name ?? t(`board.without.${wanted.group}`)) : null}
            given={givenBy(wanted.group, group.name)}
            tickets={columns(group.tickets)}
            fresh={fresh}
            adding={at === 0 && query.has("new")}
            onAdded={() => ask({ new: null })}
            onOpen={onOpen}
            onMove={onMove}
            onDrag={setDragged}
          />
        ))}
      </div>
      {open && (
        <Drawer
          key={open.ticket_id}
          ticket={open}
          meetings={state.meetings}
          people={people}
          labels={labels}
          onClose={() => ask({ ticket: null })}
        />
      )}
    </section>
  );
}

function givenBy(group: Wanted["group"], name: string | null) {
  if (!group || name === null) return {};
  return group === "assignee" ? { assignee: name } : { labels: [name] };
}
