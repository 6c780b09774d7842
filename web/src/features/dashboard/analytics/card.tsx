import { type ReactNode, useId } from "react";

/** A question and what answers it. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-card border border-line bg-card p-5">
      <h2 id={id} className="mb-2 text-title font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}

interface TableProps {
  title: string;
  head: readonly string[];
  rows: readonly { key: string; name: string; cells: readonly ReactNode[]; onOpen?: (() => void) | undefined }[];
}

/** Numbers in rows; the name of each opens what is behind it. */
export function Table({ title, head, rows }: TableProps) {
  return (
    <table className="w-full text-left">
      <caption className="sr-only">{title}</caption>
      <thead className="text-meta text-quiet">
        <tr>
          {head.map((name, column) => (
            <th key={name} scope="col" className={`py-1 font-medium ${column ? "pl-3 text-right" : ""}`}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} className="border-t border-line">
            <th scope="row" className="py-1.5 font-normal">
              {row.onOpen ? <Opens onOpen={row.onOpen}>{row.name}</Opens> : row.name}
            </th>
            {row.cells.map((cell, column) => (
              <td key={column} className="py-1.5 pl-3 text-right whitespace-nowrap">
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A number or a name that opens what is behind it. */
export function Opens({ onOpen, children }: { onOpen: () => void; children: ReactNode }) {
  return (
    <button type="button" onClick={onOpen} className="text-left text-accent underline">
      {children}
    </button>
  );
}
