/** One term a line, without blanks around it or empty lines. */
export function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

/** One name between commas, in either script, without blanks around it. */
export function commas(text: string): string[] {
  return lines(text.replace(/[,，、]/g, "\n"));
}
