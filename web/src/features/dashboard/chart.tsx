"use client";

import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import type { Build } from "./draw";

interface DrawnProps {
  build: Build;
  height: number;
  onPick: (place: { series: number; index: number }) => void;
}

/** The bars. What they say is in the table too, so they are for those who see. */
function Drawn({ build, height, onPick }: DrawnProps) {
  const place = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  useEffect(() => {
    pick.current = onPick;
  });
  useEffect(() => {
    let gone = false;
    let end: (() => void) | undefined;
    void import("./draw").then(({ draw }) => {
      if (!gone && place.current) end = draw(place.current, build, (at) => pick.current(at));
    });
    return () => {
      gone = true;
      end?.();
    };
  }, [build]);
  return <div ref={place} aria-hidden data-chart style={{ height }} className="w-full" />;
}

export interface Row {
  name: string;
  cells: readonly string[];
  onOpen: (() => void) | undefined;
}

interface ChartProps extends DrawnProps {
  /** The question that it answers. */
  title: string;
  answer: ReactNode;
  legend?: ReactNode;
  /** The table's head, then its rows. */
  head: readonly string[];
  rows: readonly Row[];
  onBehind: () => void;
}

/** A question, its answer in a sentence, and the bars or the table that show it. */
export function Chart({ title, answer, legend, head, rows, onBehind, ...drawn }: ChartProps) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-card border border-line bg-card p-5">
      <h2 id={id} className="text-title font-semibold">
        {title}
      </h2>
      <div className="mt-1 text-quiet">{answer}</div>
      <div className="mt-4">
        {!asTable && (
          <>
            {legend}
            <Drawn {...drawn} />
          </>
        )}
        <div className={asTable ? "" : "sr-only"}>
          <table className="w-full text-left">
            <caption className="sr-only">{title}</caption>
            <thead className="text-meta text-quiet">
              <tr>
                {head.map((name) => (
                  <th key={name} scope="col" className="py-1 pr-3 font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, number) => (
                <tr key={number} className="border-t border-line">
                  <th scope="row" className="py-1.5 pr-3 font-normal">
                    {asTable && row.onOpen ? (
                      <button type="button" onClick={row.onOpen} className="text-left text-accent underline">
                        {row.name}
                      </button>
                    ) : (
                      row.name
                    )}
                  </th>
                  {row.cells.map((cell, column) => (
                    <td key={column} className="py-1.5 pr-3">
                      {cell}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <div className="mt-3 -ml-3 flex flex-wrap">
        <Button look="quiet" className="min-h-9 px-3 text-meta" onClick={onBehind}>
          {t("dashboard.behind")}
          <span className="sr-only">: {title}</span>
        </Button>
        <Button look="quiet" className="min-h-9 px-3 text-meta" onClick={() => setAsTable(!asTable)}>
          {t(asTable ? "dashboard.asChart" : "dashboard.asTable")}
          <span className="sr-only">: {title}</span>
        </Button>
      </div>
    </section>
  );
}

/** A question that can't be answered yet, and why. */
export function NoChart({ title, why }: { title: string; why: string }) {
  return (
    <section className="rounded-card border border-line bg-card p-5">
      <h2 className="text-title font-semibold">{title}</h2>
      <p className="mt-1 text-quiet">{why}</p>
    </section>
  );
}

const FILLS = { todo: "bg-todo", progress: "bg-progress" } as const;

export function Key({ items }: { items: readonly { fill: keyof typeof FILLS; faint?: boolean; name: string }[] }) {
  return (
    <ul aria-hidden className="flex gap-4 text-meta text-quiet">
      {items.map(({ fill, faint, name }) => (
        <li key={name} className="flex items-center gap-1.5">
          <span className={`size-3 rounded-sm ${FILLS[fill]} ${faint ? "opacity-40" : ""}`} />
          {name}
        </li>
      ))}
    </ul>
  );
}
