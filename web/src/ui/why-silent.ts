import type { Problem } from "@/api/schema";

/** Why there is no sound: it was deleted for its age, or there is none here. */
export type Silence = "deleted" | "none";

/** A player isn't told why an address gave it no sound; this asks again. */
export async function whySilent(url: string): Promise<Silence> {
  try {
    const answer = await fetch(url, { headers: { range: "bytes=0-0" } });
    return !answer.ok && ((await answer.json()) as Problem).code === "sound_deleted" ? "deleted" : "none";
  } catch {
    return "none";
  }
}
