"use client";

import Link from "next/link";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TicketOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { useLive } from "@/ui/follow";
import { day, today } from "@/ui/time";
import { BulkBar } from "./bulk";
import { ANY, chosen, type Order, ORDERS } from "./choose";
import { Filters } from "./filters";
import "@/i18n/words/board";
import "@/i18n/words/tickets";

const WORDS = { key: "key", title: "name", status: "status", assignee: "assignee", due: "due" } as const;

/** All tickets as a list, to be found, sorted and changed several at once. */
export function Tickets() {
  const { t } = useTranslation();
  const { state, connection } = useLive(null);
  const [wanted, setWanted] = useState(ANY);
  const [{ order, back }, setOrder] = useState<{ order: Order; back: boolean }>({ order: "key", back: false });
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  if (connection === "connecting") return null;
  const all = [...state.tickets.values()];
  const shown = chosen(all, wanted, order, back);
  const selected = shown.filter((ticket) => picked.has(ticket.ticket_id));
  const pick = (ids: readonly string[], on: boolean) => {
    const next = new Set(picked);
    ids.forEach((id) => (on ? next.add(id) : next.delete(id)));
    setPicked(next);
  };
  return (
    <section>
      <h1 className="text-display font-semibold">{t("tickets.title")}</h1>
      {all.length === 0 ? (
        <div className="flex flex-col items-center gap-4 py-24 text-center">
          <p className="max-w-md text-quiet">{t("tickets.empty")}</p>
          <Link href="/board/" className="text-accent underline">
            {t("tickets.toBoard")}
          </Link>
        </div>
      ) : (
        <>
          <Filters tickets={all} wanted={wanted} onChange={setWanted} />
          {selected.length > 0 && <BulkBar tickets={selected} onDone={(left) => setPicked(new Set(left))} />}
          {shown.length === 0 ? (
            <p className="flex items-center gap-3 py-8 text-quiet">
              {t("tickets.none")}
              <Button onClick={() => setWanted(ANY)}>{t("tickets.clear")}</Button>
            </p>
          ) : (
            <table className="mt-4 block w-full md:table">
              <thead className="block md:table-header-group">
                <tr className="flex flex-wrap gap-x-3 text-left text-meta text-quiet md:table-row">
                  <th scope="col" className="p-2">
                    <input
                      type="checkbox"
                      aria-label={t("tickets.selectAll")}
                      checked={selected.length === shown.length}
                      onChange={({ target }) =>
                        pick(
                          shown.map((ticket) => ticket.ticket_id),
                          target.checked,
                        )
                      }
                    />
                  </th>
                  {ORDERS.map((name) => (
                    <th
                      key={name}
                      scope="col"
                      aria-sort={order === name ? (back ? "descending" : "ascending") : "none"}
                      className="py-1"
                    >
                      <button
                        type="button"
                        className="min-h-8 rounded-control px-1 font-medium hover:bg-sand"
                        onClick={() => setOrder({ order: name, back: order === name && !back })}
                      >
                        {t(`tickets.${WORDS[name]}`)}
                        <span aria-hidden>{order === name && (back ? " ↓" : " ↑")}</span>
                      </button>
                    </th>
                  ))}
                  <th scope="col" className="hidden px-1 font-medium md:table-cell">
                    {t("tickets.labels")}
                  </th>
                </tr>
              </thead>
              <tbody className="block space-y-2 md:table-row-group">
                {shown.map((ticket) => (
                  <Row
                    key={ticket.ticket_id}
                    ticket={ticket}
                    picked={picked.has(ticket.ticket_id)}
                    onPick={(on) => pick([ticket.ticket_id], on)}
                  />
                ))}
              </tbody>
            </table>
          )}
        </>
      )}
    </section>
  );
}

const TINTS = { TODO: "text-todo", IN_PROGRESS: "text-progress", DONE: "text-done" } as const;

/** A line of the table; on a phone a card. */
function Row({ ticket, picked, onPick }: { ticket: TicketOut; picked: boolean; onPick: (on: boolean) => void }) {
  const { t, i18n } = useTranslation();
  const late = ticket.due !== null && ticket.status !== "DONE" && ticket.due < today();
  const cell = "md:border-t md:border-line md:px-1 md:py-2";
  return (
    <tr className="flex flex-wrap items-center gap-x-3 rounded-card border border-line bg-card p-3 md:table-row md:bg-transparent">
      <td className={`md:px-2 ${cell}`}>
        <input
          type="checkbox"
          aria-label={t("tickets.select", { key: ticket.key })}
          checked={picked}
          onChange={({ target }) => onPick(target.checked)}
        />
      </td>
      <td className={`text-meta whitespace-nowrap text-quiet ${cell}`}>{ticket.key}</td>
      <td className={`w-full md:w-auto ${cell}`}>
        <Link href={`/board/?ticket=${ticket.key}`} className="font-medium hover:underline">
          {ticket.title}
        </Link>
        {ticket.blocked && <span className="ml-2 text-meta text-danger">{t("board.blocked")}</span>}
      </td>
      <td className={`text-meta whitespace-nowrap ${TINTS[ticket.status]} ${cell}`}>{t(`status.${ticket.status}`)}</td>
      <td className={`text-meta text-quiet ${cell}`}>{ticket.assignee ?? t("board.unassigned")}</td>
      <td className={`text-meta whitespace-nowrap ${late ? "text-danger" : "text-quiet"} ${cell}`}>
        {ticket.due && day(ticket.due, i18n.language)}
      </td>
      <td className={`text-meta text-quiet ${cell}`}>{ticket.labels.map((label) => `#${label}`).join(" ")}</td>
    </tr>
  );
}
