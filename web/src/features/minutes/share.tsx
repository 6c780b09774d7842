"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { NewShare, ShareOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Field, Input, Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { moment } from "@/ui/time";
import { say } from "@/ui/toast";
import { Trouble } from "@/ui/trouble";

const DAYS = [1, 7, 30] as const;
const LEAST_LETTERS = 6;
const HERE = ["127.0.0.1", "localhost", "[::1]"];

interface ShareProps {
  meetingId: string;
  open: boolean;
  onClose: () => void;
}

/** Links for those who have no VORI: made, listed, revoked. */
export function Share({ meetingId, open, onClose }: ShareProps) {
  const { t } = useTranslation();
  return (
    <Panel open={open} onClose={onClose} title={t("share.title")}>
      <p>{t("share.about")}</p>
      {HERE.includes(location.hostname) && <p className="mt-1 text-meta text-quiet">{t("share.here")}</p>}
      <Make meetingId={meetingId} />
      <Links meetingId={meetingId} />
    </Panel>
  );
}

function Make({ meetingId }: { meetingId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [days, setDays] = useState<(typeof DAYS)[number]>(7);
  const [password, setPassword] = useState("");
  const make = useMutation({
    mutationFn: (body: NewShare) =>
      data(
        api.POST("/api/meetings/{meeting_id}/minutes/shares", { params: { path: { meeting_id: meetingId } }, body }),
      ),
    onSuccess: () => {
      setPassword("");
      return client.invalidateQueries({ queryKey: ["shares", meetingId] });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    make.mutate({ days, password: password || null });
  };
  return (
    <>
      <form onSubmit={submit} className="mt-4 flex flex-col gap-3">
        <Field label={t("share.lasts")}>
          <Select
            value={days}
            onChange={(event) => setDays(DAYS.find((each) => each === Number(event.target.value)) ?? 7)}
          >
            {DAYS.map((each) => (
              <option key={each} value={each}>
                {t("share.days", { count: each })}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("share.password")} help={t("share.passwordHelp")}>
          <Input
            type="password"
            autoComplete="new-password"
            minLength={LEAST_LETTERS}
            maxLength={200}
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        <Button type="submit" look="main" disabled={make.isPending} className="self-start">
          {t("share.make")}
        </Button>
      </form>
      <Trouble error={make.error} />
      {make.data && <Made token={make.data.token} />}
    </>
  );
}

/** The new link. It is known this once; behind the # it stays out of every server's log. */
function Made({ token }: { token: string }) {
  const { t } = useTranslation();
  const link = `${location.origin}/shared/#t=${token}`;
  const copy = () => {
    navigator.clipboard.writeText(link).then(
      () => say(t("share.copied")),
      () => say(t("minutes.notCopied")),
    );
  };
  return (
    <div className="mt-4 rounded-control border border-accent p-3">
      <p role="status">{t("share.made")}</p>
      <div className="mt-2 flex gap-2">
        <Input readOnly aria-label={t("share.link")} value={link} onFocus={(event) => event.target.select()} />
        <Button onClick={copy} className="shrink-0">
          {t("share.copy")}
        </Button>
      </div>
    </div>
  );
}

function Links({ meetingId }: { meetingId: string }) {
  const { t } = useTranslation();
  const params = { path: { meeting_id: meetingId } };
  const { data: links, error } = useQuery({
    queryKey: ["shares", meetingId],
    queryFn: () => data(api.GET("/api/meetings/{meeting_id}/minutes/shares", { params })),
  });
  return (
    <section className="mt-6">
      <h3 className="font-semibold">{t("share.existing")}</h3>
      <Trouble error={error} />
      {links?.length === 0 && <p className="mt-1 text-quiet">{t("share.none")}</p>}
      <ul className="mt-1 divide-y divide-line">
        {links?.map((link) => (
          <Existing key={link.share_id} meetingId={meetingId} link={link} />
        ))}
      </ul>
    </section>
  );
}

function Existing({ meetingId, link }: { meetingId: string; link: ShareOut }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: () =>
      data(
        api.DELETE("/api/meetings/{meeting_id}/minutes/shares/{share_id}", {
          params: { path: { meeting_id: meetingId, share_id: link.share_id } },
        }),
      ),
    onSuccess: () => {
      say(t("share.revoked"));
      return client.invalidateQueries({ queryKey: ["shares", meetingId] });
    },
  });
  const made = moment(link.created_at, i18n.language);
  const facts = [
    t("share.until", { at: moment(link.expires_at, i18n.language) }),
    ...(link.has_password ? [t("share.withPassword")] : []),
    ...(link.locked ? [t("share.locked")] : []),
  ];
  return (
    <li className="flex flex-wrap items-center justify-between gap-2 py-2">
      <span>
        {made}
        <span className="block text-meta text-quiet">{facts.join(" · ")}</span>
      </span>
      <Button
        className="min-h-9 px-3"
        disabled={revoke.isPending}
        aria-label={t("share.revokeThis", { at: made })}
        onClick={() => revoke.mutate()}
      >
        {t("share.revoke")}
      </Button>
      <Trouble error={revoke.error} />
    </li>
  );
}
