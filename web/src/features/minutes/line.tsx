"use client";

import { ArrowUpRight, Pencil, Plus, Trash2 } from "lucide-react";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Add, Editing, Evidence, Line, Step } from "@/api/schema";
import { Button } from "@/ui/button";
import { Clip } from "@/ui/clip";
import { clock } from "@/ui/time";
import { Margin, Moment } from "./parts";
import { useWords } from "./words";

export type Edit = Editing["operations"][number];

/** The words that a line rests on. */
export function Proofs({ meetingId, evidence }: { meetingId: string; evidence: readonly Evidence[] }) {
  const { t } = useTranslation();
  return (
    <ul className="text-meta text-quiet">
      {evidence.map((said) => (
        <li key={said.utterance_id}>
          {said.speaker ?? t("live.someone")}: <q>{said.quote}</q>{" "}
          <span className="print:hidden">
            <Clip meetingId={meetingId} said={said} />
            <span className="xl:hidden">
              <Moment meetingId={meetingId} at={said.start_ms}>
                <ArrowUpRight aria-hidden size={16} />
              </Moment>
            </span>
          </span>
          <span className="hidden print:inline">({clock(said.start_ms)})</span>
        </li>
      ))}
    </ul>
  );
}

interface LineProps {
  meetingId: string;
  line: Line | Step;
  /** Null while it is a draft, which isn't edited. */
  onEdit: ((operation: Edit) => void) | null;
}

export function EditableLine({ meetingId, line, onEdit }: LineProps) {
  const { t } = useTranslation();
  const words = useWords();
  const [editing, setEditing] = useState(false);
  const [text, setText] = useState(line.text);
  const byHand = line.by !== undefined && line.by !== "vori";
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() && text !== line.text) onEdit?.({ do: "reword", line_id: line.id, text: text.trim() });
    setEditing(false);
  };
  if (editing)
    return (
      <li>
        <form onSubmit={save} className="flex flex-col gap-2">
          <textarea
            autoFocus
            aria-label={t("minutes.edit")}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className="w-full rounded-control border border-line bg-card p-2"
          />
          <div className="flex gap-2">
            <Button type="submit" look="main">
              {t("minutes.save")}
            </Button>
            <Button onClick={() => setEditing(false)}>{t("minutes.cancel")}</Button>
          </div>
        </form>
      </li>
    );
  return (
    <li className="group relative flex items-start gap-2">
      <div className="min-w-0 flex-1">
        <p>
          {words.line(line)}
          {byHand && <span className="text-meta text-quiet"> · {t("minutes.byHand")}</span>}
        </p>
        <Margin meetingId={meetingId} at={(line.evidence ?? []).map((said) => said.start_ms)} />
        <Proofs meetingId={meetingId} evidence={line.evidence ?? []} />
      </div>
      {onEdit && (
        <div className="flex opacity-60 group-focus-within:opacity-100 group-hover:opacity-100 print:hidden">
          <Button
            look="quiet"
            className="min-h-8 px-2"
            aria-label={`${t("minutes.edit")}: ${line.text}`}
            onClick={() => {
              setText(line.text);
              setEditing(true);
            }}
          >
            <Pencil aria-hidden size={14} />
          </Button>
          <Button
            look="quiet"
            className="min-h-8 px-2"
            aria-label={`${t("minutes.remove")}: ${line.text}`}
            onClick={() => onEdit({ do: "remove", line_id: line.id })}
          >
            <Trash2 aria-hidden size={14} />
          </Button>
        </div>
      )}
    </li>
  );
}

export function NewLine({ section, onEdit }: { section: Add["section"]; onEdit: (operation: Edit) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    onEdit({ do: "add", section, text: text.trim() });
    setText("");
  };
  return (
    <form onSubmit={add} className="mt-2 flex gap-2 print:hidden">
      <input
        value={text}
        onChange={(event) => setText(event.target.value)}
        placeholder={t("minutes.add")}
        aria-label={`${t("minutes.add")}: ${t(`minutes.${section}`)}`}
        className="min-h-9 min-w-0 flex-1 rounded-control border border-line bg-transparent px-2"
      />
      <Button type="submit" look="quiet" className="min-h-9 px-2" aria-label={t("minutes.add")} disabled={!text.trim()}>
        <Plus aria-hidden size={16} />
      </Button>
    </form>
  );
}
