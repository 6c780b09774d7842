"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { CalendarDays, ChartNoAxesColumn, Columns3, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { choose, LANGUAGES } from "@/i18n";
import { PartsLine } from "@/ui/parts";
import { Toasts } from "@/ui/toast";
import { type Theme, THEMES, useTheme, wear } from "@/ui/theme";
import { Door } from "./door";

const PLACES: readonly { to: string; name: "meetings" | "board" | "dashboard"; icon: LucideIcon }[] = [
  { to: "/", name: "meetings", icon: CalendarDays },
  { to: "/board/", name: "board", icon: Columns3 },
  { to: "/dashboard/", name: "dashboard", icon: ChartNoAxesColumn },
];

const never = () => () => undefined;
const yes = () => true;
const no = () => false;

/** What stands around every page: where one is, where one can go, and how things look. */
export function Frame({ children }: { children: ReactNode }) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: 10_000, retry: 1 } } }));
  const inBrowser = useSyncExternalStore(never, yes, no);
  const { t } = useTranslation();
  const bare = usePathname().startsWith("/shared");
  if (!inBrowser) return null; // the reader's language and what is live are known there alone
  return (
    <QueryClientProvider client={client}>
      <a href="#content" className="sr-only bg-card p-2 focus:not-sr-only focus:absolute focus:z-50">
        {t("app.skip")}
      </a>
      <div className="flex min-h-dvh flex-col md:flex-row">
        {!bare && <Sidebar />}
        <main
          id="content"
          tabIndex={-1}
          className="min-w-0 flex-1 px-4 pt-4 pb-24 outline-none md:px-8 md:py-8 print:p-0"
        >
          {bare ? (
            children
          ) : (
            <Door>
              <PartsLine />
              {children}
            </Door>
          )}
        </main>
      </div>
      <Toasts />
    </QueryClientProvider>
  );
}

function Sidebar() {
  const { t } = useTranslation();
  const here = usePathname();
  return (
    <header className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-sand md:static md:w-56 md:shrink-0 md:border-t-0 md:border-r md:p-4 print:hidden">
      <p className="hidden px-2 pb-4 text-title font-semibold md:block">{t("app.name")}</p>
      <nav aria-label={t("app.menu")} className="flex justify-around md:flex-col md:gap-1">
        {PLACES.map(({ to, name, icon: Icon }) => (
          <Link
            key={to}
            href={to}
            aria-current={here === to ? "page" : undefined}
            className="flex min-h-12 items-center gap-3 rounded-control px-3 font-medium aria-[current]:bg-card"
          >
            <Icon aria-hidden size={20} />
            {t(`nav.${name}`)}
          </Link>
        ))}
      </nav>
      <Looks />
    </header>
  );
}

function Looks() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const select = "rounded-control border-line bg-card text-meta min-h-9 w-full border px-2";
  return (
    <div className="mt-6 hidden flex-col gap-2 text-meta md:flex">
      <select
        aria-label={t("language.label")}
        className={select}
        value={i18n.language}
        onChange={(event) => choose(event.target.value === "ko" ? "ko" : "en")}
      >
        {LANGUAGES.map((language) => (
          <option key={language} value={language}>
            {t(`language.${language}`)}
          </option>
        ))}
      </select>
      <select
        aria-label={t("theme.label")}
        className={select}
        value={theme}
        onChange={(event) => wear(event.target.value as Theme)}
      >
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {t(`theme.${each}`)}
          </option>
        ))}
      </select>
    </div>
  );
}
