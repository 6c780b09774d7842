// One meeting: its words as they are said, its tickets, its minutes.
import { arrange, ask, el, notice } from "./dom.js";
import { Microphone } from "./microphone.js";
import { who } from "./live.js";
import { playButton } from "./sound.js";
import { Board } from "./tickets.js";
import { clock, day, moment, words } from "./words.js";

const STATES = ["connected", "listening", "no_signal", "ended"];

export class MeetingView {
  constructor(meetingId, state) {
    this.meetingId = meetingId;
    this.state = state;
    this.lines = new Map();
    this.board = new Board(meetingId);
    this.said = el("ol", { class: "said", "aria-live": "polite" });
    this.empty = el("p", { class: "quiet" }, words.emptyMeeting);
    this.minutes = el("article", { hidden: true });
    this.unwritten = el("p", { class: "quiet" }, words.emptyMinutes);
    this.parts = {
      transcript: el("section", { class: "shown" }, this.empty, this.said),
      tickets: el("section", {}, this.board.element),
      minutes: el("section", { class: "minutes" }, this.unwritten, this.minutes),
    };
    this.tabs = Object.keys(this.parts).map((name) =>
      el("button", { role: "tab", "aria-selected": String(name === "transcript"), onclick: () => this.choose(name) }, words[name]),
    );
    this.element = el("div", {}, el("div", { class: "tabs", role: "tablist" }, ...this.tabs), el("div", { class: "meeting" }, ...Object.values(this.parts)));
    this.status = el("span", { class: "meta" });
    this.microphone = new Microphone(meetingId, (problem) => notice(problem));
    this.speak = el("button", { onclick: () => this.toggleMicrophone() }, words.speak);
    this.end = el("button", { class: "main", onclick: () => this.finish() }, words.end);
    this.title = el("strong");
    this.timer = setInterval(() => this.tick(), 1000);
  }

  choose(name) {
    Object.entries(this.parts).forEach(([other, part], index) => {
      part.classList.toggle("shown", other === name);
      this.tabs[index].setAttribute("aria-selected", String(other === name));
    });
  }

  show(message) {
    const kind = message.type === "diff" ? message.kind : null;
    if (!kind || kind === "ticket" || kind === "suggestion") this.board.show(this.state);
    if (!kind || kind === "draft" || kind === "utterance" || kind === "speaker") this.showWords();
    if (!kind || kind === "minutes") this.showMinutes();
    this.tick();
  }

  tick() {
    const meeting = this.state.meeting;
    if (!meeting) return;
    const live = meeting.status === "live";
    this.title.textContent = meeting.title;
    document.title = `${meeting.title} · VORI`;
    const parts = [live ? clock(Date.now() - Date.parse(meeting.started_at)) : moment(meeting.started_at), this.sentence(meeting)];
    const lags = [...this.state.lags.values()];
    const behind = Math.max(0, ...lags.map((lag) => lag.behind_s));
    if (lags.some((lag) => lag.queued)) parts.push(words.queued);
    else if (behind) parts.push(words.behind(behind));
    if (meeting.rehearsal) parts.push(words.rehearsal);
    this.status.replaceChildren(live ? el("span", { class: "live-dot" }) : "", parts.filter(Boolean).join(" · "));
    this.end.hidden = this.speak.hidden = !live;
  }

  sentence(meeting) {
    if (meeting.status === "ended") return this.state.minutes?.state === "final" ? words.ended : words.writing;
    const streams = [...this.state.streams.values()].filter((stream) => stream.state !== "ended");
    const heard = streams.filter((stream) => stream.state === "listening");
    if (heard.length) return words.listening([...new Set(heard.map((stream) => stream.speaker ?? words.unnamed))].join(", "));
    return streams.some((stream) => stream.state === STATES[2]) ? words.noSignal : words.waiting;
  }

  showWords() {
    const pinned = window.innerHeight + window.scrollY >= document.body.scrollHeight - 120;
    const said = [
      ...[...this.state.utterances.values()].map((utterance) => ({ ...utterance, id: utterance.utterance_id, draft: false })),
      ...[...this.state.drafts].map(([id, draft]) => ({ ...draft, id, draft: true })),
    ].sort((a, b) => a.start_ms - b.start_ms || (a.id < b.id ? -1 : 1));
    arrange(this.said, said.map((line) => this.line(line)));
    for (const id of this.lines.keys()) if (!said.some((line) => line.id === id)) this.lines.delete(id);
    this.empty.hidden = said.length > 0;
    if (pinned && this.state.meeting?.status === "live") window.scrollTo({ top: document.body.scrollHeight });
  }

  line(said) {
    let made = this.lines.get(said.id);
    if (!made) {
      const text = el("div", { class: "words" });
      const head = el("div", { class: "meta" });
      const face = el("div", { "aria-hidden": "true" });
      made = { text, head, face, element: el("li", {}, face, head, text), over: null };
      this.lines.set(said.id, made);
    }
    const final = said.draft ? said.final : said.text;
    const stable = said.draft ? said.stable.slice(final.length) : "";
    if (made.text.textContent !== said.text || made.final !== final || made.stable !== stable) {
      Object.assign(made, { final, stable });
      const rest = said.text.slice(final.length + stable.length);
      const unsettled = [["stable", stable], ["draft", rest]].filter(([, part]) => part);
      made.text.replaceChildren(final, ...unsettled.map(([look, part]) => el("span", { class: look }, part)));
    }
    const speaker = who(this.state, said, words.voice);
    if (made.over !== !said.draft || made.speaker !== speaker) {
      made.over = !said.draft;
      made.speaker = speaker;
      made.face.className = `face voice-${hue(speaker)}`;
      made.face.textContent = initials(speaker);
      const when = said.draft ? clock(said.start_ms) : playButton(this.meetingId, said);
      made.head.replaceChildren(`${speaker ?? words.unnamed} `, when);
    }
    return made.element;
  }

  showMinutes() {
    const minutes = this.state.minutes;
    this.minutes.hidden = !minutes;
    this.unwritten.hidden = Boolean(minutes);
    if (!minutes) return;
    const name = (said) => who(this.state, said, words.voice) ?? words.unnamed;
    const quote = (said, text = said.quote) => el("li", {}, `${name(said)}: “${text}” `, playButton(this.meetingId, said));
    const list = (items, otherwise) => (items.length ? el("ul", {}, ...items) : el("p", { class: "quiet" }, otherwise));
    const proofs = (line) => (line.evidence.length ? el("ul", {}, ...line.evidence.map((said) => quote(said))) : "");
    const said = (line) => line.by === "vori" && line.evidence.length === 1 && line.evidence[0].quote.includes(line.text);
    const byHand = (line) => line.by !== "vori" && words.byHand;
    const told = (line) => (said(line) ? quote(line.evidence[0], line.text) : el("li", {}, joined(line.text, byHand(line)), proofs(line)));
    const spoken = minutes.participants.some((person) => person.talk_ms > 0);
    const missing = [...uncaptured(minutes.outcome), ...(minutes.unheard_ms ? [words.unheard.replace("{seconds}", Math.ceil(minutes.unheard_ms / 1000))] : [])];
    const change = (line) => [line.from_status ? `${words[line.from_status]} → ${words[line.ticket.status]}` : words[line.news], line.text];
    const step = (line) => (line.key || !said(line) ? el("li", {}, joined(line.text, line.who, line.due && `${words.due} ${day(line.due)}`, line.key, byHand(line)), proofs(line)) : told(line));
    const section = (title, items) => (items.length ? [el("h2", {}, title), el("ul", {}, ...items)] : []);
    this.minutes.replaceChildren(
      el("h1", {}, minutes.title),
      el("p", { class: "meta" }, joined(moment(minutes.started_at), clock(minutes.duration_ms), minutes.state === "draft" && words.draftMinutes, minutes.rehearsal && words.rehearsal)),
      el("h2", {}, words.participants),
      list(minutes.participants.map((person) => el("li", {}, joined(name(person), spoken && `${person.percent} %`))), words.silent),
      el("h2", {}, words.summary),
      ...missing.map((sentence) => el("p", {}, sentence)),
      ...(minutes.summary.length || !missing.length ? [list(minutes.summary.map(told), words.silent)] : []),
      el("h2", {}, words.decisions),
      list(minutes.decisions.map(told), words.undecided),
      el("h2", {}, words.tickets),
      list(
        minutes.tickets.map((line) => el("li", {}, el("b", {}, `${line.ticket.key} ${line.ticket.title}`), ` · ${joined(...change(line))}`, proofs(line))),
        words.untouched,
      ),
      ...section(words.questions, minutes.questions.map(told)),
      ...section(words.blockers, minutes.blockers.map(told)),
      ...section(words.nextSteps, minutes.next_steps.map(step)),
      el("p", { class: "meta" }, `${words.download} `, ...this.documents(minutes)),
    );
  }

  documents({ state }) {
    const address = (form) => `/api/meetings/${this.meetingId}/minutes?format=${form}${state === "draft" ? "&draft=true" : ""}`;
    return Object.entries({ md: "Markdown", docx: "Word", pdf: "PDF", json: "JSON" }).flatMap(([form, title]) => [el("a", { href: address(form) }, title), " "]);
  }

  async toggleMicrophone() {
    this.speak.disabled = true;
    await this.microphone.toggle();
    this.speak.disabled = false;
    this.speak.textContent = this.microphone.on ? words.hush : words.speak;
  }

  async finish() {
    this.end.disabled = true;
    if (this.microphone.on) await this.toggleMicrophone();
    await ask("POST", `/meetings/${this.meetingId}/end`).catch((error) => notice(error.message));
    this.end.disabled = false;
  }
}

const joined = (...parts) => parts.filter(Boolean).join(" · ");

// The sentence about sound that never came in, if some didn't.
function uncaptured(outcome) {
  if (outcome?.outcome !== "capture_failed") return [];
  const captured = outcome.streams.reduce((sum, stream) => sum + stream.captured_ms, 0);
  if (!captured) return [words.nothingCaptured];
  const gaps = outcome.streams.flatMap((stream) => stream.gaps).filter((gap) => gap.cause !== "not_recognised");
  return [words.uncaptured(Math.ceil(gaps.reduce((sum, gap) => sum + gap.to_ms - gap.from_ms, 0) / 1000))];
}

function initials(name) {
  if (!name) return "?";
  const parts = name.trim().split(/\s+/);
  const number = /^\D+ (\d+)$/.exec(name);
  if (number) return number[1];
  if (/[가-힣]/.test(name)) return name.slice(0, 2);
  return (parts.length > 1 ? parts[0][0] + parts.at(-1)[0] : name.slice(0, 2)).toUpperCase();
}

function hue(name) {
  let sum = 0;
  for (const letter of name ?? "") sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return sum % 8;
}
