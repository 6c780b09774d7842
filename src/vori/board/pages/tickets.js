// Tickets in three columns, each with the words that prove it.
import { ask, arrange, el, notice } from "./dom.js";
import { day, words } from "./words.js";
import { playButton } from "./sound.js";

const COLUMNS = ["TODO", "IN_PROGRESS", "DONE"];
const QUOTES = 2;

export class Board {
  // With a meeting id, quotes are those of that meeting.
  constructor(meetingId) {
    this.meetingId = meetingId;
    this.cards = new Map();
    this.columns = new Map(
      COLUMNS.map((status) => [
        status,
        { head: el("h3"), list: el("div") },
      ]),
    );
    this.suggested = el("div", { class: "suggested" });
    this.element = el(
      "div",
      { class: "board" },
      this.suggested,
      ...[...this.columns].map(([status, { head, list }]) => el("div", { class: `column ${status}` }, head, list)),
    );
  }

  show({ tickets: byId, suggestions }) {
    const pending = [...suggestions.values()].filter((change) => change.lane === "pending");
    this.suggested.replaceChildren(...pending.map((change) => this.suggestion(change, byId.get(change.ticket_id))));
    const tickets = [...byId.values()];
    const ranked = [...tickets].sort((a, b) => (a.rank < b.rank ? -1 : 1));
    for (const [status, { head, list }] of this.columns) {
      const here = ranked.filter((ticket) => ticket.status === status);
      head.textContent = `${words[status]} · ${here.length}`;
      arrange(list, here.map((ticket) => this.card(ticket)));
    }
  }

  // What VORI wasn't sure of: one click settles it.
  suggestion(change, ticket) {
    const decide = (verdict) => el("button", { onclick: () => say("POST", `/suggestions/${change.change_id}/${verdict}`) }, words[verdict]);
    const what = ticket ? `${ticket.key} ${ticket.title} → ${this.becomes(change)}` : `${words.created}: ${change.after.title}`;
    const quotes = change.evidence.slice(-QUOTES).map((said) => el("p", { class: "proof" }, el("q", {}, said.quote), " ", playButton(change.meeting_id, said)));
    return el("div", { class: "card" }, el("div", {}, what, " ", decide("accept"), " ", decide("reject")), ...quotes);
  }

  becomes({ before, after }) {
    if (after.status !== before.status) return words[after.status];
    if (after.due !== before.due) return `${words.due} ${day(after.due)}`;
    if (after.blocked !== before.blocked) return after.blocked ? [words.blocked, after.blocked_reason].filter(Boolean).join(": ") : words.unblocked;
    return after.assignee || "";
  }

  card(ticket) {
    const made = this.cards.get(ticket.ticket_id);
    if (made?.version === ticket.version) return made.element;
    const blocked = ticket.blocked && [words.blocked, ticket.blocked_reason].filter(Boolean).join(": ");
    const due = ticket.due && `${words.due} ${day(ticket.due)}`;
    const facts = [ticket.key, ticket.assignee, due, words[ticket.priority], ...ticket.labels, blocked].filter(Boolean);
    const quotes = el("div");
    const element = el("div", { class: "card" }, el("div", {}, ticket.title), el("div", { class: "meta" }, facts.join(" · ")), quotes);
    this.cards.set(ticket.ticket_id, { version: ticket.version, element });
    this.prove(ticket, element, quotes).catch(() => {}); // a card without its quote is still a card
    return element;
  }

  async prove(ticket, card, into) {
    const history = await ask("GET", `/tickets/${ticket.ticket_id}/history`);
    const applied = history.filter((change) => change.lane === "applied" && !change.undone);
    const changes = applied.filter((change) => !this.meetingId || change.meeting_id === this.meetingId);
    const said = changes.flatMap((change) => change.evidence.map((evidence) => [change.meeting_id, evidence]));
    const unique = [...new Map(said.map((entry) => [entry[1].utterance_id, entry])).values()];
    unique.sort((a, b) => b[1].start_ms - a[1].start_ms);
    card.classList.toggle("touched", this.meetingId !== null && unique.length > 0);
    const last = applied.filter((change) => !change.undoes).at(-1);
    const undo = last && last.kind !== "created" && el("button", { onclick: () => say("POST", `/tickets/${ticket.ticket_id}/undo`) }, words.undo);
    into.replaceChildren(
      ...(undo ? [undo] : []),
      ...unique.slice(0, QUOTES).map(([meetingId, evidence]) =>
        el("p", { class: "proof" }, el("q", {}, evidence.quote), " ", playButton(meetingId, evidence)),
      ),
    );
  }
}

// Do it; the live feed shows what came of it.
async function say(method, path) {
  try {
    await ask(method, path);
    notice("");
  } catch (error) {
    notice(error.message || words.failed);
  }
}
