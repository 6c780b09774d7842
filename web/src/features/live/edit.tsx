"use client";

import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { UtteranceOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Area } from "@/ui/field";
import { Trouble } from "@/ui/trouble";

/** Put other words in place of what was heard. Enter keeps them, Escape leaves all as it was. */
export function Edit({ said, onDone }: { said: UtteranceOut; onDone: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState(said.text);
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => area.current?.focus()); // after the menu gave focus back to its button
    return () => clearTimeout(timer);
  }, []);
  const keep = useMutation({
    mutationFn: () => {
      const path = { meeting_id: said.meeting_id, utterance_id: said.utterance_id };
      const body = { text: text.trim().replace(/\s+/g, " "), version: said.version ?? 0 };
      return data(api.PATCH("/api/meetings/{meeting_id}/utterances/{utterance_id}", { params: { path }, body }));
    },
    onSuccess: onDone,
  });
  const save = () => {
    if (!text.trim() || text.trim() === said.text) onDone();
    else keep.mutate();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return; // Korean letters are still being put together
    if (event.key === "Escape") onDone();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    save();
  };
  return (
    <div className="flex flex-col gap-2 pb-1">
      <Area
        ref={area}
        aria-label={t("said.words")}
        rows={Math.min(8, Math.ceil(text.length / 60) + 1)}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
      />
      {said.original && <p className="text-meta text-quiet">{t("said.original", { text: said.original })}</p>}
      <div className="flex gap-2">
        <Button look="main" onClick={save} disabled={keep.isPending}>
          {t("said.save")}
        </Button>
        <Button look="quiet" onClick={onDone}>
          {t("said.cancel")}
        </Button>
      </div>
      <Trouble error={keep.error} />
    </div>
  );
}
