"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { PlanOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { HOUR_MS, MINUTE_MS, span } from "@/ui/time";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/meetings";

const MINUTES = [15, 30, 45, 60, 90, 120];
const SPOKEN = ["auto", "ko", "en"] as const;

/** A moment as the input wants it: in the reader's time zone, without saying so. */
function forInput(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS).toISOString().slice(0, 16);
}

function nextHour(): Date {
  return new Date(Math.ceil((Date.now() + 1) / HOUR_MS) * HOUR_MS);
}

function names(text: string): string[] {
  return [...new Set(text.split(",").map((name) => name.trim().slice(0, 80)))].filter(Boolean);
}

/** A meeting with a title, a language and people: now, or planned. With `plan`, that plan is changed. */
export function SetUp({ plan, onClose }: { plan?: PlanOut; onClose: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(plan?.title ?? "");
  const [language, setLanguage] = useState<(typeof SPOKEN)[number]>(plan?.language ?? "auto");
  const [people, setPeople] = useState(plan?.participants.join(", ") ?? "");
  const [later, setLater] = useState(plan !== undefined);
  const [at, setAt] = useState(() => forInput(plan ? new Date(plan.starts_at) : nextHour()));
  const [minutes, setMinutes] = useState(plan ? plan.minutes : 30);
  const body = { title: title.trim(), language, participants: names(people) };
  const save = useSave(plan, onClose);
  const ready = !later || (body.title !== "" && at !== "");
  return (
    <Panel open onClose={onClose} title={t(plan ? "setup.changeTitle" : "setup.title")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ ...body, when: later ? { starts_at: new Date(at).toISOString(), minutes } : null });
        }}
      >
        <Field label={t("setup.name")} help={later && !body.title ? t("setup.nameless") : undefined}>
          <Input value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
        </Field>
        <Field label={t("setup.people")} help={t("setup.peopleHelp")}>
          <Input value={people} onChange={(event) => setPeople(event.target.value)} />
        </Field>
        <Field label={t("setup.language")}>
          <Select
            value={language}
            onChange={({ target }) => setLanguage(SPOKEN.find((each) => each === target.value) ?? "auto")}
          >
            {SPOKEN.map((each) => (
              <option key={each} value={each}>
                {t(each === "auto" ? "setup.auto" : `language.${each}`)}
              </option>
            ))}
          </Select>
        </Field>
        {!plan && (
          <Field label={t("setup.when")}>
            <Select value={later ? "later" : "now"} onChange={({ target }) => setLater(target.value === "later")}>
              <option value="now">{t("setup.now")}</option>
              <option value="later">{t("setup.later")}</option>
            </Select>
          </Field>
        )}
        {later && (
          <>
            <Field label={t("setup.at")}>
              <Input type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
            </Field>
            <Length minutes={minutes} onChange={setMinutes} />
          </>
        )}
        <Button type="submit" look="main" disabled={!ready || save.isPending}>
          {t(plan ? "setup.save" : later ? "setup.plan" : "setup.start")}
        </Button>
        <Trouble error={save.error} />
      </form>
    </Panel>
  );
}

/** How long it is to last; null: open. */
function Length({ minutes, onChange }: { minutes: number | null; onChange: (minutes: number | null) => void }) {
  const { t, i18n } = useTranslation();
  const offered = minutes === null ? MINUTES : [...new Set([...MINUTES, minutes])].sort((a, b) => a - b);
  return (
    <Field label={t("setup.length")}>
      <Select value={minutes ?? ""} onChange={({ target }) => onChange(Number(target.value) || null)}>
        {offered.map((each) => (
          <option key={each} value={each}>
            {span(each * MINUTE_MS, i18n.language)}
          </option>
        ))}
        <option value="">{t("setup.endless")}</option>
      </Select>
    </Field>
  );
}

interface Asked {
  title: string;
  language: (typeof SPOKEN)[number];
  participants: string[];
  /** null: now. */
  when: { starts_at: string; minutes: number | null } | null;
}

function useSave(plan: PlanOut | undefined, onDone: () => void) {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: async ({ when, ...asked }: Asked) => {
      if (when === null) return data(api.POST("/api/meetings", { body: asked }));
      const body = { ...asked, ...when };
      if (plan) await data(api.PATCH("/api/plans/{meeting_id}", { params: { path: plan }, body }));
      else await data(api.POST("/api/plans", { body }));
      return null;
    },
    onSuccess: (meeting) => {
      void client.invalidateQueries({ queryKey: ["plans"] });
      if (meeting) router.push(`/meeting/?id=${meeting.meeting_id}`);
      else onDone();
    },
  });
}
