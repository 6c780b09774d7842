// Which view the address asks for, fed by one live socket.
import { arrange, ask, el, notice } from "./dom.js";
import { follow, State } from "./live.js";
import { MeetingView } from "./meeting.js";
import { Board } from "./tickets.js";
import { moment, words } from "./words.js";

document.documentElement.lang = words.lang;
const main = document.getElementById("main");
const about = document.getElementById("about");
const actions = document.getElementById("actions");
const meetingId = new URLSearchParams(location.search).get("meeting");
const state = new State();

async function start() {
  try {
    const meeting = await ask("POST", "/meetings", {});
    location.search = `?meeting=${meeting.meeting_id}`;
  } catch (error) {
    notice(error.message || words.failed);
  }
}

class Overview {
  constructor() {
    this.board = new Board(null);
    this.meetings = el("ul", { class: "meetings" });
    this.full = el("div", { class: "overview" }, el("section", {}, el("h2", {}, words.meetings), this.meetings), el("section", {}, el("h2", {}, words.board), this.board.element));
    this.empty = el("div", { class: "empty" }, el("p", {}, words.empty), el("button", { class: "main", onclick: start }, words.start));
    this.element = el("div", {}, this.full, this.empty);
    this.start = el("button", { class: "main", onclick: start }, words.start);
  }

  show() {
    const meetings = [...state.meetings.values()].sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
    const nothing = meetings.length === 0 && state.tickets.size === 0;
    this.full.hidden = nothing;
    this.empty.hidden = !nothing;
    this.start.hidden = nothing;
    arrange(this.meetings, meetings.map((meeting) => this.row(meeting)));
    this.board.show(state);
  }

  row(meeting) {
    const live = meeting.status === "live";
    const facts = [moment(meeting.started_at), live ? words.live : words.ended, meeting.rehearsal && words.rehearsal];
    return el(
      "li",
      {},
      el("a", { href: `/?meeting=${meeting.meeting_id}` }, el("span", {}, live ? el("span", { class: "live-dot" }) : "", meeting.title), el("span", { class: "meta" }, facts.filter(Boolean).join(" · "))),
    );
  }
}

const view = meetingId ? new MeetingView(meetingId, state) : new Overview();
if (meetingId) {
  about.append(view.title, view.status);
  actions.append(view.speak, view.end);
} else {
  actions.append(view.start);
}
let shown = false;
let wasLost = false;
follow(meetingId, state, {
  changed: (message) => {
    view.show(message);
    if (!shown) main.append(view.element);
    shown = true;
  },
  broken: (lost) => {
    if (lost !== wasLost) notice(lost ? words.reconnecting : "");
    wasLost = lost;
  },
  refused: (problem) => notice([problem.detail, problem.remedy].filter(Boolean).join(" ")),
});
