"use client";

import Link from "next/link";
import { useTranslation } from "react-i18next";

export default function NotFound() {
  const { t } = useTranslation();
  return (
    <section className="flex flex-col items-center gap-4 py-24 text-center">
      <h1 className="text-title font-semibold">{t("errors.nowhere")}</h1>
      <Link href="/" className="text-accent underline">
        {t("nav.meetings")}
      </Link>
    </section>
  );
}
