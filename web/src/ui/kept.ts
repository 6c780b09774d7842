/** What this browser remembers of its user: their name, and that they have been welcomed. */
const NAME = "vori.name";
const WELCOMED = "vori.welcomed";

/** Who speaks into this browser's microphone; empty: nobody said. */
export function keptName(): string {
  return localStorage.getItem(NAME) ?? "";
}

export function keepName(name: string): void {
  localStorage.setItem(NAME, name.trim());
}

export function wasWelcomed(): boolean {
  return localStorage.getItem(WELCOMED) !== null;
}

export function welcomed(): void {
  localStorage.setItem(WELCOMED, "yes");
}
