"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { type SyntheticEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import type { TicketOut } from "@/api/schema";
import { Button } from "@/ui/button";
import { Area } from "@/ui/field";
import { moment } from "@/ui/time";
import { Trouble } from "@/ui/trouble";

/** While a ticket is open, what others write is asked for this often. */
const EVERY_MS = 3000;

/** What people write under a ticket. */
export function Comments({ ticket }: { ticket: TicketOut }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const path = { ticket_id: ticket.ticket_id };
  const key = ["comments", ticket.ticket_id];
  const { data: comments = [] } = useQuery({
    queryKey: key,
    queryFn: () => data(api.GET("/api/tickets/{ticket_id}/comments", { params: { path } })),
    refetchInterval: EVERY_MS,
  });
  const anew = () => client.invalidateQueries({ queryKey: key });
  const write = useMutation({
    mutationFn: () => {
      const body = { text: text.trim(), author: localStorage.getItem("vori.name") };
      return data(api.POST("/api/tickets/{ticket_id}/comments", { params: { path }, body }));
    },
    onSuccess: () => {
      setText("");
      return anew();
    },
  });
  const remove = useMutation({
    mutationFn: (comment_id: string) =>
      data(api.DELETE("/api/tickets/{ticket_id}/comments/{comment_id}", { params: { path: { ...path, comment_id } } })),
    onSuccess: anew,
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (text.trim() && !write.isPending) write.mutate();
  };
  return (
    <>
      <ul className="flex flex-col gap-3">
        {comments.map((comment) => (
          <li key={comment.comment_id}>
            <p className="flex items-center gap-2 text-meta text-quiet">
              {[comment.author ?? t("live.someone"), moment(comment.at, i18n.language)].join(" · ")}
              <button
                type="button"
                aria-label={t("ticket.removeComment")}
                onClick={() => remove.mutate(comment.comment_id)}
                className="rounded-control p-1 hover:bg-sand"
              >
                <Trash2 aria-hidden size={14} />
              </button>
            </p>
            <p className="whitespace-pre-wrap">{comment.text}</p>
          </li>
        ))}
      </ul>
      <form onSubmit={submit} className="mt-2 flex flex-col items-start gap-2">
        <Area
          rows={2}
          value={text}
          maxLength={4000}
          aria-label={t("ticket.newComment")}
          placeholder={t("ticket.newComment")}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" disabled={!text.trim() || write.isPending}>
          {t("ticket.comment")}
        </Button>
      </form>
      <Trouble error={write.error ?? remove.error} />
    </>
  );
}
