// Tickets in three columns, each with the words that prove it.
import { ask, arrange, el } from "./dom.js";
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
    this.element = el(
      "div",
      { class: "board" },
      ...[...this.columns].map(([status, { head, list }]) => el("div", { class: `column ${status}` }, head, list)),
    );
  }

  show(tickets) {
    const ranked = [...tickets].sort((a, b) => (a.rank < b.rank ? -1 : 1));
    for (const [status, { head, list }] of this.columns) {
      const here = ranked.filter((ticket) => ticket.status === status);
      head.textContent = `${words[status]} · ${here.length}`;
      arrange(list, here.map((ticket) => this.card(ticket)));
    }
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
    into.replaceChildren(
      ...unique.slice(0, QUOTES).map(([meetingId, evidence]) =>
        el("p", { class: "proof" }, el("q", {}, evidence.quote), " ", playButton(meetingId, evidence)),
      ),
    );
  }
}
