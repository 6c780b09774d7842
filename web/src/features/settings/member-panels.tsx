"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { Member } from "@/api/schema";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { MEMBERS } from "@/ui/members";
import { Panel } from "@/ui/panel";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";
import { commas } from "./lines";
import "@/i18n/words/settings";

interface MemberPanelProps {
  member: Member;
  onClose: () => void;
  /** What opened the panel is gone with the member. */
  onGone: () => void;
}

/** Give a member other names. */
export function Change({ member, onClose }: MemberPanelProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [name, setName] = useState(member.name);
  const [also, setAlso] = useState((member.also ?? []).join(", "));
  const params = { path: { member_id: member.member_id } };
  const change = useMutation({
    mutationFn: () =>
      data(api.PUT("/api/members/{member_id}", { params, body: { name: name.trim(), also: commas(also) } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: MEMBERS });
      say(t("settings.saved"));
      onClose();
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Panel open onClose={onClose} title={t("members.changeWhom", { name: member.name })}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("members.name")} help={t("members.nameHelp")}>
          <Input value={name} maxLength={80} onChange={({ target }) => setName(target.value)} />
        </Field>
        <Field label={t("members.also")} help={t("members.alsoHelp")}>
          <Input value={also} onChange={({ target }) => setAlso(target.value)} />
        </Field>
        <Trouble error={change.error} />
        <Button type="submit" look="main" className="self-start" disabled={!name.trim() || change.isPending}>
          {t("settings.save")}
        </Button>
      </form>
    </Panel>
  );
}

/** Forget a member, after saying what that does. */
export function Remove({ member, onClose, onGone }: MemberPanelProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const params = { path: { member_id: member.member_id } };
  const remove = useMutation({
    mutationFn: () => data(api.DELETE("/api/members/{member_id}", { params })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: MEMBERS });
      say(t("members.removed", { name: member.name }));
      onGone();
    },
  });
  return (
    <Panel open onClose={onClose} title={t("members.removeWhom", { name: member.name })}>
      <p className="mb-4">{t("members.removeHelp")}</p>
      <div className="flex gap-2">
        <Button look="main" onClick={() => remove.mutate()} disabled={remove.isPending}>
          {t("members.remove")}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {t("settings.cancel")}
        </Button>
      </div>
      <Trouble error={remove.error} />
    </Panel>
  );
}
