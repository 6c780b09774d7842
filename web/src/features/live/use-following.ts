"use client";

import { type RefObject, type UIEvent, useCallback, useEffect, useRef, useState } from "react";

const NEAR_PX = 120;

interface FollowingNewest {
  box: RefObject<HTMLDivElement | null>;
  list: RefObject<HTMLOListElement | null>;
  following: boolean;
  follow: (yes: boolean) => void;
  onScroll: (event: UIEvent<HTMLElement>) => void;
}

/** Keeps the newest line in view until the reader scrolls up, and again once they are back at the end. */
export function useFollowing(live: boolean): FollowingNewest {
  const box = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const top = useRef(0);
  const [following, follow] = useState(true);
  useEffect(() => {
    const [outside, inside] = [box.current, list.current];
    if (!following || !live || !outside || !inside) return;
    const seen = new ResizeObserver(() => outside.scrollTo({ top: outside.scrollHeight }));
    seen.observe(outside);
    seen.observe(inside);
    return () => seen.disconnect();
  }, [following, live]);
  const onScroll = useCallback(({ currentTarget: { scrollHeight, scrollTop, clientHeight } }: UIEvent<HTMLElement>) => {
    if (scrollHeight - scrollTop - clientHeight < NEAR_PX) follow(true);
    else if (scrollTop < top.current) follow(false);
    top.current = scrollTop;
  }, []);
  return { box, list, following, follow, onScroll };
}
