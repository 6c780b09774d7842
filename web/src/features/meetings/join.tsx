"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, data, Refusal } from "@/api/client";
import { Button } from "@/ui/button";
import { moment } from "@/ui/time";
import { Trouble } from "@/ui/trouble";
import "@/i18n/words/meetings";

const LOOK_MS = 3000;

/** Where a meeting's link leads: into the meeting, or to a place to wait until it begins. */
export function Join({ meetingId }: { meetingId: string }) {
  const { t, i18n } = useTranslation();
  const router = useRouter();
  const path = { meeting_id: meetingId };
  const { data: found, error } = useQuery({
    queryKey: ["join", meetingId],
    queryFn: async () => {
      try {
        return { plan: await data(api.GET("/api/plans/{meeting_id}", { params: { path } })) };
      } catch (refused) {
        if (!(refused instanceof Refusal && refused.problem.status === 404)) throw refused;
        return { meeting: await data(api.GET("/api/meetings/{meeting_id}", { params: { path } })) };
      }
    },
    refetchInterval: LOOK_MS,
    retry: false,
  });
  const begin = useMutation({
    mutationFn: () => data(api.POST("/api/plans/{meeting_id}/start", { params: { path } })),
  });
  const there = begin.data ?? found?.meeting;
  useEffect(() => {
    if (there) router.replace(`/meeting/?id=${there.meeting_id}`);
  }, [there, router]);
  const plan = found?.plan;
  const unknown = error instanceof Refusal && [404, 422].includes(error.problem.status);
  return (
    <section className="mx-auto flex max-w-md flex-col items-center gap-4 py-24 text-center">
      <h1 className="text-title font-semibold">{plan?.title ?? t("join.title")}</h1>
      {plan && (
        <>
          <p className="text-quiet" aria-live="polite">
            {t("join.waits", { title: plan.title, when: moment(plan.starts_at, i18n.language) })}
          </p>
          <Button look="main" onClick={() => begin.mutate()} disabled={begin.isPending}>
            {t("join.begin")}
          </Button>
        </>
      )}
      {unknown ? <p role="alert">{t("join.unknown")}</p> : <Trouble error={error ?? begin.error} />}
      <Link href="/" className="text-accent underline">
        {t("join.list")}
      </Link>
    </section>
  );
}
