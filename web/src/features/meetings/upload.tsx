"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Field, Input } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Trouble } from "@/ui/trouble";
import { arrived, makeMeeting, type Progress, sendAll } from "./sending";
import "@/i18n/words/meetings";

const FORMATS = "audio/*,video/webm,video/mp4,.wav,.mp3,.m4a,.webm,.ogg,.opus,.flac";

/** A recording becomes a meeting. Closing the panel stops it; what has arrived stays. */
export function Upload({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const router = useRouter();
  const [file, setFile] = useState<File | null>(null);
  const [speaker, setSpeaker] = useState("");
  const [now, setNow] = useState<Progress | null>(null);
  const stop = useRef<AbortController | null>(null);
  const { data: before = 0 } = useQuery({
    queryKey: ["arrived", file?.name, file?.size, file?.lastModified],
    queryFn: () => (file ? arrived(file) : 0),
    enabled: file !== null,
    staleTime: 0,
  });
  const upload = useMutation({
    mutationFn: async (chosen: File) => {
      stop.current = new AbortController();
      await sendAll(chosen, setNow, stop.current.signal);
      return makeMeeting(chosen, speaker.trim());
    },
    onSuccess: (meetingId) => router.push(`/meeting/?id=${meetingId}`),
  });
  useEffect(() => () => stop.current?.abort(), []);
  const bytes = now?.bytes ?? before;
  return (
    <Panel open onClose={onClose} title={t("upload.title")}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (file) upload.mutate(file);
        }}
      >
        <p className="text-quiet">{t("upload.told")}</p>
        <Field label={t("upload.file")}>
          <Input
            type="file"
            accept={FORMATS}
            disabled={upload.isPending}
            className="py-2"
            onChange={(event) => {
              setFile(event.target.files?.[0] ?? null);
              setNow(null);
              upload.reset();
            }}
          />
        </Field>
        <Field label={t("upload.speaker")}>
          <Input value={speaker} maxLength={80} onChange={(event) => setSpeaker(event.target.value)} />
        </Field>
        {file && (
          <How
            bytes={bytes}
            size={file.size}
            running={upload.isPending}
            waiting={now?.waiting ?? false}
            broken={upload.isError}
          />
        )}
        <Button type="submit" look="main" disabled={!file?.size || upload.isPending}>
          {t(bytes > 0 && !upload.isPending ? "upload.goOn" : "upload.send")}
        </Button>
        <Trouble error={upload.error} />
      </form>
    </Panel>
  );
}

interface HowProps {
  bytes: number;
  size: number;
  running: boolean;
  waiting: boolean;
  broken: boolean;
}

function How({ bytes, size, running, waiting, broken }: HowProps) {
  const { t } = useTranslation();
  const percent = size ? Math.floor((100 * bytes) / size) : 0;
  if (!running && bytes === 0) return null;
  const whole = bytes >= size;
  const state = running ? (waiting ? "waiting" : whole ? "reading" : "sending") : broken && !whole ? "broken" : "part";
  return (
    <div>
      <progress aria-label={t("upload.title")} value={bytes} max={size} className="block h-2 w-full accent-done" />
      <p aria-live="polite" className="mt-1 text-meta text-quiet">
        {t(`upload.${state}`, { percent })}
      </p>
    </div>
  );
}
