"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import { choose, LANGUAGES } from "@/i18n";
import { Button } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { keep, NAME, useKept, WELCOMED } from "@/ui/kept";
import { MicrophoneTest } from "@/ui/microphone-test";
import { Parts } from "@/ui/parts";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/welcome";

/** What one sees first: who one is, whether one is heard, and two ways to begin. */
export function Welcome({ onSkip }: { onSkip: () => void }) {
  const { t, i18n } = useTranslation();
  const [name, setName] = useKept(NAME);
  return (
    <section className="mx-auto flex max-w-xl flex-col gap-6">
      <div>
        <h1 className="text-display font-semibold">{t("welcome.title")}</h1>
        <p className="mt-2 text-quiet">{t("welcome.told")}</p>
      </div>
      <div className="flex flex-col gap-4 rounded-card border border-line bg-card p-4">
        <Field label={t("welcome.name")} help={t("welcome.nameHelp")}>
          <Input value={name} maxLength={80} autoComplete="name" onChange={(event) => setName(event.target.value)} />
        </Field>
        <Field label={t("language.label")}>
          <Select value={i18n.language} onChange={(event) => choose(event.target.value === "ko" ? "ko" : "en")}>
            {LANGUAGES.map((language) => (
              <option key={language} value={language}>
                {t(`language.${language}`)}
              </option>
            ))}
          </Select>
        </Field>
        <MicrophoneTest />
      </div>
      <Begin name={name.trim()} onSkip={onSkip} />
      <div>
        <h2 className="mb-2 font-semibold">{t("welcome.ready")}</h2>
        <Parts />
      </div>
    </section>
  );
}

function Begin({ name, onSkip }: { name: string; onSkip: () => void }) {
  const { t, i18n } = useTranslation();
  const router = useRouter();
  const begin = useMutation({
    mutationFn: (what: "sample" | "meeting") =>
      what === "sample"
        ? data(api.POST("/api/meetings/sample", { body: { language: i18n.language === "ko" ? "ko" : "en" } }))
        : data(api.POST("/api/meetings", { body: { participants: name ? [name] : [] } })),
    onSuccess: (meeting) => {
      keep(WELCOMED, "yes");
      router.push(`/meeting/?id=${meeting.meeting_id}`);
    },
  });
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-3">
        <Button look="main" onClick={() => begin.mutate("sample")} disabled={begin.isPending}>
          {t("welcome.sample")}
        </Button>
        <Button onClick={() => begin.mutate("meeting")} disabled={begin.isPending}>
          {t("welcome.start")}
        </Button>
        <Button
          look="quiet"
          onClick={() => {
            keep(WELCOMED, "yes");
            onSkip();
          }}
        >
          {t("welcome.skip")}
        </Button>
      </div>
      <p className="text-meta text-quiet">{t("welcome.sampleHelp")}</p>
      <Trouble error={begin.error} />
    </div>
  );
}
