import type { ComponentProps } from "react";

const LOOKS = {
  main: "bg-accent text-on-accent hover:opacity-90",
  plain: "border border-line bg-card text-ink hover:bg-sand",
  quiet: "text-quiet hover:bg-sand hover:text-ink",
} as const;

export function Button({
  look = "plain",
  className = "",
  ...rest
}: ComponentProps<"button"> & { look?: keyof typeof LOOKS }) {
  return (
    <button
      type="button"
      className={`inline-flex min-h-10 items-center justify-center gap-2 rounded-control px-4 font-medium transition-colors disabled:opacity-50 ${LOOKS[look]} ${className}`}
      {...rest}
    />
  );
}
