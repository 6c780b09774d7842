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
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/meetings";

const HOUR_MS = 3_600_000;
const SPOKEN = ["auto", "ko", "en"] as const;

/** A moment as the input wants it: in the reader's time zone, without saying so. */
function forInput(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
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
  const body = { title: title.trim(), language, participants: names(people) };
  const save = useSave(plan, onClose);
  const ready = !later || (body.title !== "" && at !== "");
  return (
    <Panel open onClose={onClose} title={t(plan ? "setup.changeTitle" : "setup.title")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(later ? { ...body, starts_at: new Date(at).toISOString() } : body);
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
          <Field label={t("setup.at")}>
            <Input type="datetime-local" value={at} onChange={(event) => setAt(event.target.value)} />
          </Field>
        )}
        <Button type="submit" look="main" disabled={!ready || save.isPending}>
          {t(plan ? "setup.save" : later ? "setup.plan" : "setup.start")}
        </Button>
        <Trouble error={save.error} />
      </form>
    </Panel>
  );
}

interface Asked {
  title: string;
  language: (typeof SPOKEN)[number];
  participants: string[];
  /** Left out: now. */
  starts_at?: string;
}

function useSave(plan: PlanOut | undefined, onDone: () => void) {
  const client = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: async ({ starts_at, ...asked }: Asked) => {
      if (starts_at === undefined) return data(api.POST("/api/meetings", { body: asked }));
      const body = { ...asked, starts_at };
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
