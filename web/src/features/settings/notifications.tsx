"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { NotificationOut } from "@/api/schema";
import { NAME, useKept } from "@/ui/kept";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/notifications";
import "@/i18n/words/settings";

type Kind = NotificationOut["kind"];

const KINDS: readonly Kind[] = ["assigned", "moved", "changed", "comment", "suggestion", "minutes"];

/** What the reader wants to be told, kept under their name. */
export function NotificationSettings() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const name = useKept(NAME)[0].trim();
  const key = ["settings", "notifications", name];
  const kept = useQuery({
    queryKey: key,
    queryFn: () => data(api.GET("/api/settings/notifications")),
    enabled: name !== "",
  });
  const save = useMutation({
    mutationFn: (unwanted: Kind[]) => data(api.PUT("/api/settings/notifications", { body: { unwanted } })),
    onSuccess: (now) => {
      client.setQueryData(key, now);
      return client.invalidateQueries({ queryKey: ["notifications"] });
    },
  });
  if (!name) return <p className="text-meta text-quiet">{t("settings.notificationsWhose")}</p>;
  if (!kept.data) return <Trouble error={kept.error} />;
  const unwanted = save.isPending ? save.variables : kept.data.unwanted;
  return (
    <>
      {KINDS.map((kind) => (
        <label key={kind} className="flex items-start gap-3">
          <input
            type="checkbox"
            checked={!unwanted.includes(kind)}
            onChange={({ target }) =>
              save.mutate(target.checked ? unwanted.filter((other) => other !== kind) : [...unwanted, kind])
            }
            className="mt-1.5"
          />
          {t(`notifications.kinds.${kind}`)}
        </label>
      ))}
      <p className="text-meta text-quiet">{t("settings.notificationsHelp")}</p>
      <Trouble error={save.error} />
    </>
  );
}
