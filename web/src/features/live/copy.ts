/** Lines as plain text, and text to the clipboard. */
import { clock } from "@/ui/time";
import type { Line } from "./said";

/** "0:41 Maya: We ship on Monday."; `nameOf` says who speaks where a line has no name. */
export function asText(lines: readonly Line[], nameOf: (line: Line) => string): string {
  return lines
    .filter((line) => line.utterance)
    .map((line) => `${clock(line.startMs)} ${nameOf(line)}: ${line.final}`)
    .join("\n");
}

/** False where the browser doesn't let a page write to the clipboard. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
