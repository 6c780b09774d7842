/** Marks on words that are on the page, without touching the page itself (CSS custom highlights). */

/** Where a line stands on the page. */
export const lineId = (utteranceId: string): string => `said-${utteranceId}`;
/** The element in a line that has nothing but its words. */
export const WORDS = "data-words";

/** Some letters of a line on the page; null when it isn't there. */
export function letters(utteranceId: string, from: number, to: number): StaticRange | null {
  const text = document.getElementById(lineId(utteranceId))?.querySelector(`[${WORDS}]`)?.firstChild;
  if (!(text instanceof Text) || to > text.length) return null;
  return new StaticRange({ startContainer: text, startOffset: from, endContainer: text, endOffset: to });
}

/** Mark these and nothing else; `::highlight(name)` says how it looks. Older browsers show no marks. */
export function mark(name: string, ranges: readonly (StaticRange | null)[]): void {
  if (typeof Highlight === "undefined") return;
  const there = ranges.filter((range) => range !== null);
  if (there.length) CSS.highlights.set(name, new Highlight(...there));
  else CSS.highlights.delete(name);
}

/** The letter of an element's words at a point on the screen. */
export function letterAt(element: Element, x: number, y: number): number | null {
  const caret = caretAt(x, y);
  return caret && caret.node === element.firstChild ? caret.offset : null;
}

function caretAt(x: number, y: number): { node: Node; offset: number } | null {
  if ("caretPositionFromPoint" in document) {
    const found = document.caretPositionFromPoint(x, y);
    return found && { node: found.offsetNode, offset: found.offset };
  }
  const old = document as unknown as { caretRangeFromPoint?: (x: number, y: number) => Range | null };
  const range = old.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}
