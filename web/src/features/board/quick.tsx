"use client";

import { useMutation } from "@tanstack/react-query";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { NewTicket } from "@/api/schema";
import { Input } from "@/ui/field";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/board";

/** A title and Enter make a ticket; the field stays for the next one, until Escape. */
export function Quick({ given, onClose }: { given: Partial<NewTicket>; onClose: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState("");
  const add = useMutation({
    mutationFn: () => data(api.POST("/api/tickets", { body: { ...given, title: title.trim() } })),
    onSuccess: () => setTitle(""),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (title.trim() && !add.isPending) add.mutate();
  };
  return (
    <form onSubmit={submit} className="mb-2">
      <Input
        autoFocus
        value={title}
        aria-label={t("board.newTitle")}
        placeholder={t("board.newTitle")}
        maxLength={200}
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => event.key === "Escape" && !event.nativeEvent.isComposing && onClose()}
      />
      <Trouble error={add.error} />
    </form>
  );
}
