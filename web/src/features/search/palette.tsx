"use client";

import { useQuery } from "@tanstack/react-query";
import { Dialog } from "radix-ui";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, data } from "@/api/client";
import { Trouble } from "@/ui/trouble";
import { type Choice, fitting, found, recent, remember, useCommands } from "./choices";

interface PaletteProps {
  onClose: () => void;
  /** Show the sheet of shortcuts instead. */
  onHelp: () => void;
}

/** One field from which everything is found and done: type, choose by the arrows, Enter. */
export default function Palette({ onClose, onHelp }: PaletteProps) {
  const { t } = useTranslation();
  const router = useRouter();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useId();
  const asked = useDeferredValue(text.trim());
  const search = useQuery({
    queryKey: ["search", asked],
    queryFn: ({ signal }) => data(api.GET("/api/search", { params: { query: { q: asked } }, signal })),
    enabled: asked !== "",
    placeholderData: (before) => before,
  });
  const commands = useCommands(onHelp);
  const hits = asked ? found(search.data ?? [], t) : recent();
  const groups = [
    { name: t(asked ? "search.found" : "search.recent"), choices: hits },
    { name: t("search.commands"), choices: fitting(commands, asked) },
  ].filter(({ choices }) => choices.length > 0);
  const all = groups.flatMap(({ choices }) => choices);
  const now = all[Math.min(at, all.length - 1)];
  const take = (choice: Choice) => {
    onClose();
    if (choice.to) {
      if (choice.about) remember(choice);
      router.push(choice.to);
    } else choice.run?.();
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return; // Enter ends a Korean syllable first
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) setAt((Math.min(at, all.length - 1) + step + all.length) % all.length);
    else if (event.key === "Enter" && now) take(now);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-30 bg-ink/30" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-4 top-[10dvh] z-40 mx-auto flex max-h-[70dvh] max-w-xl flex-col overflow-hidden rounded-card border border-line bg-card shadow-float outline-none"
        >
          <Dialog.Title className="sr-only">{t("search.label")}</Dialog.Title>
          <input
            role="combobox"
            aria-label={t("search.label")}
            aria-expanded={all.length > 0}
            aria-controls={list}
            aria-autocomplete="list"
            aria-activedescendant={now && `${list} ${now.id}`.replaceAll(" ", "-")}
            placeholder={t("search.hint")}
            maxLength={200}
            value={text}
            onChange={({ target }) => {
              setText(target.value);
              setAt(0);
            }}
            onKeyDown={press}
            className="min-h-12 w-full border-b border-line bg-card px-4 text-ink outline-none placeholder:text-quiet"
          />
          <div role="listbox" id={list} aria-label={t("search.label")} tabIndex={-1} className="overflow-y-auto p-2">
            {groups.map(({ name, choices }) => (
              <div key={name} role="group" aria-label={name}>
                <p aria-hidden className="px-3 py-1 text-meta text-quiet">
                  {name}
                </p>
                {choices.map((choice) => (
                  <div
                    key={choice.id}
                    role="option"
                    id={`${list} ${choice.id}`.replaceAll(" ", "-")}
                    aria-selected={choice === now}
                    ref={choice === now ? (shown) => shown?.scrollIntoView({ block: "nearest" }) : undefined}
                    onClick={() => take(choice)}
                    className="cursor-default rounded-control px-3 py-2 aria-selected:bg-sand"
                  >
                    <p className="line-clamp-2">{choice.text}</p>
                    {choice.about && <p className="text-meta text-quiet">{choice.about}</p>}
                  </div>
                ))}
              </div>
            ))}
          </div>
          <p role="status" className="px-5 pb-3 text-meta text-quiet empty:hidden">
            {asked && search.isFetching && hits.length === 0 && t("search.searching")}
            {asked && search.isSuccess && !search.isFetching && hits.length === 0 && t("search.none")}
          </p>
          <Trouble error={search.error} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
