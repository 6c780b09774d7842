"use client";

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { choose, LANGUAGES } from "@/i18n";
import { Field, Input, Select } from "@/ui/field";
import { KEYS, NAME, useKept } from "@/ui/kept";
import { MicrophoneTest } from "@/ui/microphone-test";
import { type Theme, THEMES, useTheme, wear } from "@/ui/theme";
import { AnalyticsSettings } from "./analytics";
import { Members } from "./members";
import { NotificationSettings } from "./notifications";
import { Retention } from "./retention";
import { TicketSettings } from "./tickets";
import { Vocabulary } from "./vocabulary";
import "@/i18n/words/settings";

/** What one can set: first what this browser keeps, then what holds for everyone. */
export function Settings() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const [name, setName] = useKept(NAME);
  const [keys, setKeys] = useKept(KEYS);
  return (
    <section className="mx-auto max-w-2xl">
      <h1 className="text-display font-semibold">{t("settings.title")}</h1>
      <Part title={t("settings.profile")}>
        <Field label={t("settings.name")} help={t("settings.nameHelp")}>
          <Input value={name} maxLength={80} onChange={({ target }) => setName(target.value)} />
        </Field>
      </Part>
      <Part title={t("settings.looks")}>
        <Field label={t("language.label")}>
          <Select value={i18n.language} onChange={({ target }) => choose(target.value === "ko" ? "ko" : "en")}>
            {LANGUAGES.map((language) => (
              <option key={language} value={language}>
                {t(`language.${language}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("theme.label")}>
          <Select value={theme} onChange={({ target }) => wear(target.value as Theme)}>
            {THEMES.map((each) => (
              <option key={each} value={each}>
                {t(`theme.${each}`)}
              </option>
            ))}
          </Select>
        </Field>
        <label className="flex items-start gap-3">
          <input
            type="checkbox"
            checked={keys !== "off"}
            onChange={({ target }) => setKeys(target.checked ? "" : "off")}
            className="mt-1.5"
          />
          <span>
            {t("settings.keyboard")}
            <span className="block text-meta text-quiet">{t("settings.keyboardHelp", { keys: "Ctrl K / ⌘K" })}</span>
          </span>
        </label>
      </Part>
      <Part title={t("settings.notifications")}>
        <NotificationSettings />
      </Part>
      <Part title={t("devices.title")}>
        <p className="text-meta text-quiet">{t("devices.about")}</p>
        <MicrophoneTest />
      </Part>
      <Part title={t("members.title")}>
        <Members />
      </Part>
      <Part title={t("settings.vocabulary")}>
        <Vocabulary />
      </Part>
      <Part title={t("settings.tickets")}>
        <TicketSettings />
      </Part>
      <Part title={t("weights.title")}>
        <AnalyticsSettings />
      </Part>
      <Part title={t("retention.title")}>
        <Retention />
      </Part>
    </section>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-6 flex flex-col gap-4 rounded-card border border-line bg-card p-5">
      <h2 className="text-title font-semibold">{title}</h2>
      {children}
    </section>
  );
}
