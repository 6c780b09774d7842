/** The REST API, typed by its own description; what it refuses is thrown as a `Refusal`. */
import createClient from "openapi-fetch";
import type { Problem, paths } from "./schema";

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super([problem.detail, problem.remedy].filter(Boolean).join(" "));
  }
}

export const api = createClient<paths>({ baseUrl: "/" });

/** The data of an answer. Throws `Refusal`, or `TypeError` when VORI can't be reached. */
export async function data<T>(asked: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await asked;
  if (response.ok) return data as T;
  throw new Refusal(error as Problem);
}
