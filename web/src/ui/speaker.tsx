"use client";

const HUES = ["#2e6f95", "#a14a3b", "#4f7a28", "#7a4fa3", "#9a6a00", "#2f7f79", "#a0407a", "#5b6472"];
/** Eight that colour-blind people can tell apart by lightness too; initials stand beside them. */

/** The same colour for a name everywhere. */
export function hue(name: string | null): string {
  let sum = 0;
  for (const letter of name ?? "") sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return HUES[sum % HUES.length] ?? "";
}

export function initials(name: string | null): string {
  if (!name) return "?";
  const number = /^\D+ (\d+)$/.exec(name)?.[1];
  if (number) return number;
  if (/[가-힣]/.test(name)) return name.slice(-2);
  const parts = name.trim().split(/\s+/);
  return (parts.length > 1 ? `${parts[0]?.[0] ?? ""}${parts.at(-1)?.[0] ?? ""}` : name.slice(0, 2)).toUpperCase();
}

/** Who speaks: a disc with initials, in the colour of the name. */
export function Face({ name }: { name: string | null }) {
  return (
    <span
      aria-hidden
      style={{ background: hue(name) }}
      className="flex size-8 shrink-0 items-center justify-center rounded-full text-meta font-semibold text-[#fff]"
    >
      {initials(name)}
    </span>
  );
}
