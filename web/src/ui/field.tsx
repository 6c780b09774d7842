import type { ComponentProps, ReactNode } from "react";

/** How everything that one types into or chooses from looks. */
export const CONTROL =
  "min-h-10 w-full rounded-control border border-line bg-card px-3 text-ink placeholder:text-quiet";

/** A label, what it labels, and a word of help under it. */
export function Field({ label, help, children }: { label: string; help?: ReactNode; children: ReactNode }) {
  return (
    <label className="flex flex-col gap-1">
      <span className="text-meta font-medium">{label}</span>
      {children}
      {help && <span className="text-meta text-quiet">{help}</span>}
    </label>
  );
}

export function Input({ className = "", ...rest }: ComponentProps<"input">) {
  return <input className={`${CONTROL} ${className}`} {...rest} />;
}

export function Area({ className = "", ...rest }: ComponentProps<"textarea">) {
  return <textarea className={`${CONTROL} py-2 ${className}`} {...rest} />;
}

export function Select({ className = "", ...rest }: ComponentProps<"select">) {
  return <select className={`${CONTROL} ${className}`} {...rest} />;
}

/** What an input with `list={id}` offers; one may write something else. */
export function Choices({ id, names }: { id: string; names: readonly string[] }) {
  return (
    <datalist id={id}>
      {names.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}
