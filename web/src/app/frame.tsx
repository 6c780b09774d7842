"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { CalendarDays, ChartNoAxesColumn, Columns3, type LucideIcon, Settings, Tickets } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { type ReactNode, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { Keyboard } from "@/features/search/keyboard";
import "@/i18n";
import { Lost } from "@/ui/lost";
import { PartsLine } from "@/ui/parts";
import { useTheme } from "@/ui/theme";
import { Toasts } from "@/ui/toast";
import "@/ui/who";
import { Door } from "./door";

const PLACES: readonly {
  to: string;
  name: "meetings" | "board" | "tickets" | "dashboard" | "settings";
  icon: LucideIcon;
}[] = [
  { to: "/", name: "meetings", icon: CalendarDays },
  { to: "/board/", name: "board", icon: Columns3 },
  { to: "/tickets/", name: "tickets", icon: Tickets },
  { to: "/dashboard/", name: "dashboard", icon: ChartNoAxesColumn },
  { to: "/settings/", name: "settings", icon: Settings },
];

const Bell = dynamic(() => import("@/features/notifications/bell").then((made) => made.Bell), {
  ssr: false,
  loading: () => <span className="min-h-12 min-w-9" />,
});

const never = () => () => undefined;
const yes = () => true;
const no = () => false;

/** What stands around every page: where one is, where one can go, and how things look. */
export function Frame({ children }: { children: ReactNode }) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { staleTime: 10_000, retry: 1 } } }));
  const inBrowser = useSyncExternalStore(never, yes, no);
  const { t } = useTranslation();
  useTheme(); // so that every page follows the system when it turns dark
  const here = usePathname();
  const bare = here.startsWith("/shared");
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
              {!here.startsWith("/meeting") && <Lost /> /* a meeting's own bar says it, with the seconds held */}
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
            className="flex min-h-12 min-w-10 flex-col items-center justify-center gap-0.5 rounded-control px-0.5 text-meta font-medium aria-[current]:bg-card md:flex-row md:justify-start md:gap-3 md:px-3 md:text-body"
          >
            <Icon aria-hidden size={20} />
            {t(`nav.${name}`)}
          </Link>
        ))}
        <Bell />
        <Keyboard />
      </nav>
    </header>
  );
}
