"use client";

import Link from "next/link";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { clock } from "@/ui/time";

/** A document of 68 characters' width, under its own name in the window and on paper. */
export function Paper({ title, children }: { title: string; children: ReactNode }) {
  useEffect(() => {
    const before = document.title;
    document.title = `${title} · VORI`;
    return () => {
      document.title = before;
    };
  }, [title]);
  return <article className="mx-auto max-w-[68ch]">{children}</article>;
}

interface SectionProps {
  title: string;
  /** With nothing in it, it isn't worth paper. */
  empty?: boolean;
  children: ReactNode;
}

export function Section({ title, empty = false, children }: SectionProps) {
  return (
    <section className={`mt-8 ${empty ? "print:hidden" : ""}`}>
      <h2 className="mb-2 text-title font-semibold">{title}</h2>
      {children}
    </section>
  );
}

/** What was never captured or recognised: said first, so that nobody takes the rest for all. */
export function Missing({ uncapturedMs, unheardMs }: { uncapturedMs: number; unheardMs: number }) {
  const { t } = useTranslation();
  if (uncapturedMs === 0 && unheardMs === 0) return null;
  return (
    <ul className="mt-6 rounded-card border border-danger p-3 text-danger">
      {uncapturedMs > 0 && <li>{t("minutes.uncaptured", { seconds: Math.ceil(uncapturedMs / 1000) })}</li>}
      {unheardMs > 0 && <li>{t("minutes.unheard", { seconds: Math.ceil(unheardMs / 1000) })}</li>}
    </ul>
  );
}

interface Person {
  name: string | null;
  talk_ms: number;
  percent?: number;
}

export function People({ people }: { people: readonly Person[] }) {
  const { t } = useTranslation();
  return (
    <Section title={t("minutes.participants")} empty={people.length === 0}>
      <ul>
        {people.map((person, number) => (
          <li key={number} className="flex justify-between">
            <span>{person.name ?? t("live.someone")}</span>
            <span className="text-quiet">
              {clock(person.talk_ms)} · {person.percent ?? 0} %
            </span>
          </li>
        ))}
      </ul>
      {people.length === 0 && <p className="text-quiet">{t("minutes.nothing")}</p>}
    </Section>
  );
}

/** The way from a moment to its place in the transcript. */
export function Moment({ meetingId, at, children }: { meetingId: string; at: number; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Link
      href={`/meeting/?id=${meetingId}&at=${at}`}
      aria-label={t("minutes.at", { at: clock(at) })}
      className="inline-flex items-center rounded-control px-1 text-meta text-quiet underline decoration-line underline-offset-4 hover:text-ink"
    >
      {children}
    </Link>
  );
}

/** The moments that a line rests on, in the margin; where there is none, each proof has its own way there. */
export function Margin({ meetingId, at }: { meetingId: string; at: readonly number[] }) {
  if (at.length === 0) return null;
  return (
    <p className="absolute top-0.5 right-full mr-6 hidden w-max flex-col items-end xl:flex print:hidden">
      {Array.from(new Set(at)).map((each) => (
        <Moment key={each} meetingId={meetingId} at={each}>
          {clock(each)}
        </Moment>
      ))}
    </p>
  );
}
