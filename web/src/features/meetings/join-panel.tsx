"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { linkOf, meetingIn } from "./queries";
import "@/i18n/words/meetings";

/** A link is pasted, and one is in the meeting. */
export function JoinPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const router = useRouter();
  const [link, setLink] = useState("");
  const [wrong, setWrong] = useState(false);
  return (
    <Panel open onClose={onClose} title={t("join.title")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const id = meetingIn(link);
          setWrong(id === null);
          if (id) router.push(`/join/?id=${id}`);
        }}
      >
        <Field label={t("join.link")} help={t("join.help")}>
          <Input value={link} onChange={(event) => setLink(event.target.value)} />
        </Field>
        {wrong && (
          <p role="alert" className="text-meta text-danger">
            {t("join.wrong", { example: linkOf("…") })}
          </p>
        )}
        <Button type="submit" look="main" disabled={!link.trim()}>
          {t("join.go")}
        </Button>
      </form>
    </Panel>
  );
}
