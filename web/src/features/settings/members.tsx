"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { type SyntheticEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { Member } from "@/api/schema";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { MEMBERS, useMembers } from "@/ui/members";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";
import { commas } from "./lines";
import "@/i18n/words/settings";

const Change = dynamic(() => import("./member-panels").then((made) => made.Change), { ssr: false });
const Remove = dynamic(() => import("./member-panels").then((made) => made.Remove), { ssr: false });

/** Who works here, and what else they are called. */
export function Members() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const members = useMembers();
  const first = useRef<HTMLInputElement>(null);
  const [name, setName] = useState("");
  const [also, setAlso] = useState("");
  const [open, setOpen] = useState<{ panel: "change" | "remove"; member: Member } | null>(null);
  const add = useMutation({
    mutationFn: () => data(api.POST("/api/members", { body: { name: name.trim(), also: commas(also) } })),
    onSuccess: (made) => {
      setName("");
      setAlso("");
      first.current?.focus();
      say(t("members.added", { name: made.name }));
      return client.invalidateQueries({ queryKey: MEMBERS });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (name.trim() && !add.isPending) add.mutate();
  };
  if (!members.data) return <Trouble error={members.error} />;
  const Panel = open?.panel === "remove" ? Remove : Change;
  return (
    <>
      <p className="text-meta text-quiet">{t(members.data.length ? "members.about" : "members.none")}</p>
      {members.data.length > 0 && (
        <ul aria-label={t("members.title")} className="flex flex-col divide-y divide-line">
          {members.data.map((member) => (
            <li key={member.member_id} className="flex flex-wrap items-center gap-2 py-1">
              <p className="min-w-0 flex-1 break-words">
                {member.name} <span className="text-meta text-quiet">{(member.also ?? []).join(", ")}</span>
              </p>
              {(["change", "remove"] as const).map((panel) => (
                <Button
                  key={panel}
                  look="quiet"
                  aria-label={t(`members.${panel}Whom`, { name: member.name })}
                  onClick={() => setOpen({ panel, member })}
                >
                  {t(`members.${panel}`)}
                </Button>
              ))}
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("members.name")}>
          <Input ref={first} value={name} maxLength={80} onChange={({ target }) => setName(target.value)} />
        </Field>
        <Field label={t("members.also")} help={t("members.alsoHelp")}>
          <Input value={also} onChange={({ target }) => setAlso(target.value)} />
        </Field>
        <Trouble error={add.error} />
        <Button type="submit" className="self-start" disabled={!name.trim() || add.isPending}>
          {t("members.add")}
        </Button>
      </form>
      {open && (
        <Panel
          member={open.member}
          onClose={() => setOpen(null)}
          onGone={() => {
            setOpen(null);
            first.current?.focus();
          }}
        />
      )}
    </>
  );
}
