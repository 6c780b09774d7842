"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, type SubmitEvent, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { api, data, Refusal } from "@/api/client";
import type { SharedLine, SharedMinutes, SharedProof } from "@/api/schema";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { clock, moment } from "@/ui/time";
import { Trouble } from "@/ui/trouble";
import { Missing, Paper, People, Section } from "./parts";
import { useWords } from "./words";

const SECTIONS = ["summary", "decisions", "tickets", "questions", "blockers", "next_steps"] as const;

function watch(told: () => void): () => void {
  window.addEventListener("hashchange", told);
  return () => window.removeEventListener("hashchange", told);
}

/** Minutes by a link: its token is behind the #, which no server sees; it is sent in a body, as is the password. */
export function Shared() {
  const hash = useSyncExternalStore(watch, () => location.hash);
  const token = new URLSearchParams(hash.slice(1)).get("t") ?? "";
  return <Opened key={token} token={token} />;
}

function Opened({ token }: { token: string }) {
  const { t } = useTranslation();
  const ask = (password: string | null) => data(api.POST("/api/shared/minutes", { body: { token, password } }));
  const first = useQuery({
    queryKey: ["shared", token],
    queryFn: () => ask(null),
    retry: false,
    enabled: token !== "",
  });
  const again = useMutation({ mutationFn: ask });
  const minutes = again.data ?? first.data;
  if (minutes) return <Document minutes={minutes} />;
  if (token === "") return <Told>{t("shared.noToken")}</Told>;
  if (!first.error) return null;
  if (first.error instanceof Refusal && first.error.problem.code === "password_needed")
    return <Asking onGive={(password) => again.mutate(password)} error={again.error} busy={again.isPending} />;
  return (
    <Told>
      <Refused error={first.error} />
    </Told>
  );
}

/** What the page knows to say in the reader's language; else as VORI says it. */
const KNOWN = ["no_such_link", "wrong_password", "link_locked"] as const;

function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation();
  const code = error instanceof Refusal ? KNOWN.find((each) => each === error.problem.code) : undefined;
  if (!code) return <Trouble error={error} />;
  return (
    <p role="alert" className="text-danger">
      {t(`shared.${code}`)}
    </p>
  );
}

function Told({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="mx-auto max-w-md py-24 text-center">
      <h1 className="text-title font-semibold">{t("shared.failed")}</h1>
      <div className="mt-2">{children}</div>
    </div>
  );
}

interface AskingProps {
  onGive: (password: string) => void;
  error: unknown;
  busy: boolean;
}

function Asking({ onGive, error, busy }: AskingProps) {
  const { t } = useTranslation();
  const [password, setPassword] = useState("");
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onGive(password);
  };
  return (
    <form onSubmit={submit} className="mx-auto flex max-w-sm flex-col gap-4 py-24">
      <h1 className="text-title font-semibold">{t("shared.asks")}</h1>
      <Field label={t("share.password")}>
        <Input
          type="password"
          autoFocus
          autoComplete="off"
          maxLength={200}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <Button type="submit" look="main" disabled={busy || password === ""}>
        {t("shared.open")}
      </Button>
      <Refused error={error} />
    </form>
  );
}

function Document({ minutes }: { minutes: SharedMinutes }) {
  const { t, i18n } = useTranslation();
  const words = useWords();
  const under = [
    moment(minutes.started_at, i18n.language),
    clock(minutes.duration_ms),
    ...(minutes.rehearsal ? [t("meetings.rehearsal")] : []),
  ];
  return (
    <Paper title={minutes.title}>
      <h1 className="text-display font-semibold">{minutes.title}</h1>
      <p className="text-meta text-quiet">{under.join(" · ")}</p>
      <People people={minutes.participants} />
      <Missing uncapturedMs={minutes.uncaptured_ms} unheardMs={minutes.unheard_ms} />
      {SECTIONS.filter((section) => minutes[section].length > 0).map((section) => (
        <Section key={section} title={section === "tickets" ? t("nav.tickets") : t(`minutes.${section}`)}>
          <ul className="flex flex-col gap-3">
            {section === "tickets"
              ? minutes.tickets.map((ticket, number) => (
                  <Proven key={number} evidence={ticket.evidence}>
                    <b className="font-semibold">
                      {ticket.key} {ticket.title}
                    </b>{" "}
                    · {words.news(ticket)}
                  </Proven>
                ))
              : minutes[section].map((line: SharedLine, number) => (
                  <Proven key={number} evidence={line.evidence}>
                    {words.line(line)}
                    {line.by_hand && <span className="text-meta text-quiet"> · {t("minutes.byHand")}</span>}
                  </Proven>
                ))}
          </ul>
        </Section>
      ))}
      <footer className="mt-12 border-t border-line pt-3 text-meta text-quiet">
        {t("shared.by", { at: moment(minutes.expires_at, i18n.language) })}
      </footer>
    </Paper>
  );
}

/** A line with the words that prove it and their times; there is no sound to play. */
function Proven({ evidence, children }: { evidence: readonly SharedProof[]; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <li>
      <p>{children}</p>
      <ul className="text-meta text-quiet">
        {evidence.map((said, number) => (
          <li key={number}>
            {clock(said.start_ms)} {said.speaker ?? t("live.someone")}: <q>{said.quote}</q>
          </li>
        ))}
      </ul>
    </li>
  );
}
