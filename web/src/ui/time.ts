/** Times and days as people read them. */

/** 65000 → "1:05"; from an hour on "1:00:05". */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${tail}` : `${minutes}:${tail}`;
}

/** "2026-03-06" → "6 Mar" or "3월 6일". */
export function day(date: string, language: string): string {
  return new Intl.DateTimeFormat(language, { month: "short", day: "numeric", timeZone: "UTC" }).format(new Date(date));
}

/** A moment, in the reader's time zone. */
export function moment(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** Today, in the reader's time zone, as "2026-03-06". */
export function today(): string {
  return new Intl.DateTimeFormat("sv").format(new Date());
}

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long something takes, in the one unit that suits: "12 min", "5.5 hr", "3 days". */
export function span(ms: number, language: string): string {
  const told = (value: number, unit: string, unitDisplay: "short" | "long") =>
    new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 }).format(value);
  if (ms < MINUTE_MS) return told(Math.floor(ms / 1000), "second", "short");
  if (ms < 2 * HOUR_MS) return told(Math.floor(ms / MINUTE_MS), "minute", "short");
  if (ms < 2 * DAY_MS) return told(Math.floor((10 * ms) / HOUR_MS) / 10, "hour", "short");
  return told(Math.floor(ms / DAY_MS), "day", "long");
}
