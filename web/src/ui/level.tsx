/** How loud it is, 0 to 1. */
export function Level({ level, label, className = "w-16" }: { level: number; label: string; className?: string }) {
  return (
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={level}
      className={`block h-2 overflow-hidden rounded-full bg-sand ${className}`}
    >
      <span
        style={{ width: `${Math.round(Math.sqrt(level) * 100)}%` }}
        className="block h-full bg-done transition-[width]"
      />
    </span>
  );
}
