"use client";

import { type RefObject, useLayoutEffect, useRef } from "react";

const LASTS_MS = 180;

/** Cards that came to lie elsewhere slide there, so that one sees which went where. `still`: something is dragged. */
export function useSlide(box: RefObject<HTMLElement | null>, still: boolean): void {
  const places = useRef(new Map<string, DOMRect>());
  useLayoutEffect(() => {
    const before = places.current;
    const now = new Map<string, DOMRect>();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    box.current?.querySelectorAll<HTMLElement>("[data-ticket]").forEach((card) => {
      const id = card.dataset["ticket"] ?? "";
      const place = card.getBoundingClientRect();
      const old = before.get(id);
      now.set(id, place);
      if (!old || still || calm || (old.x === place.x && Math.abs(old.y - place.y) < place.height / 2)) return;
      const from = `translate(${old.x - place.x}px, ${old.y - place.y}px)`;
      card.animate([{ transform: from }, { transform: "none" }], { duration: LASTS_MS, easing: "ease-out" });
    });
    places.current = now;
  });
}
