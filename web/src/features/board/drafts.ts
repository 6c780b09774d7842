/** What somebody is writing on cards: it outlives a card's way to another column, out of the filter, and other pages. */
import type { TicketOut } from "@/api/schema";

export interface Draft {
  /** The ticket when the writing began. */
  was: TicketOut;
  title: string;
  assignee: string;
  due: string;
}

/** By the ticket's id. */
export const drafts = new Map<string, Draft>();
