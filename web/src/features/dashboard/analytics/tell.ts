/** Numbers of analytics as people read them. */
import type { FigureOut } from "@/api/schema";
import { span } from "@/ui/time";

export type Unit = FigureOut["unit"];

/** A number with its unit; a dash for none. */
export function tell(unit: Unit, value: number | null, language: string): string {
  if (value === null) return "–";
  if (unit === "share") return percent(value, language);
  if (unit === "ms") return value < 0 ? `−${span(-value, language)}` : span(value, language);
  return new Intl.NumberFormat(language, { maximumFractionDigits: unit === "points" ? 0 : 1 }).format(value);
}

export function percent(value: number, language: string): string {
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(100 * value)} %`;
}

/** An effect's or interval's end, by the unit that it says. */
export function size(unit: string, value: number, language: string): string {
  const sign = value > 0 ? "+" : value < 0 ? "−" : "";
  const whole = Math.abs(value);
  if (unit === "ms" || unit === "share" || unit === "points") return `${sign}${tell(unit, whole, language)}`;
  return `${sign}${new Intl.NumberFormat(language, { maximumSignificantDigits: 2 }).format(whole)}`;
}
