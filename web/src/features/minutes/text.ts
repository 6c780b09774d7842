/** Minutes as plain text, for a letter or a chat. */
import { clock } from "@/ui/time";

export interface Part {
  title: string;
  lines: readonly { text: string; at: number | undefined }[];
}

export function asText(title: string, under: string, parts: readonly Part[]): string {
  const told = parts
    .filter((part) => part.lines.length > 0)
    .map(({ title: name, lines }) => [
      "",
      name,
      ...lines.map(({ text, at }) => `- ${text}${at === undefined ? "" : ` (${clock(at)})`}`),
    ]);
  return [title, under, ...told.flat(), ""].join("\n");
}
