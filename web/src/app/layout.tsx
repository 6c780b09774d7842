import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { EARLY } from "@/ui/early";
import { Frame } from "./frame";
import "./globals.css";

export const metadata: Metadata = { title: "VORI", description: "Voice to Report" };
export const viewport: Viewport = { width: "device-width", initialScale: 1, viewportFit: "cover" };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: EARLY }} />
      </head>
      <body>
        <Frame>{children}</Frame>
      </body>
    </html>
  );
}
