// The live WebSocket: a snapshot, then diffs; after a break it resumes from the last one seen.
const PAUSES_MS = [300, 1000, 2000, 5000];
const FOR_GOOD = (code) => code >= 4400 && code < 4500;

// The state that snapshots and diffs build up: one map per kind, by id.
export class State {
  constructor() {
    this.meeting = null;
    this.minutes = null;
    this.meetings = new Map();
    this.streams = new Map();
    this.lags = new Map();
    this.drafts = new Map();
    this.utterances = new Map();
    this.names = new Map();
    this.tickets = new Map();
    this.suggestions = new Map();
  }

  load(state) {
    const by = (list, id) => new Map(list.map((item) => [item[id], item]));
    this.meeting = state.meeting;
    this.minutes = state.minutes;
    this.meetings = by(state.meetings, "meeting_id");
    this.streams = new Map(Object.entries(state.streams));
    this.lags = new Map(Object.entries(state.lags));
    this.drafts = new Map(Object.entries(state.drafts));
    this.utterances = by(state.utterances, "utterance_id");
    this.names = new Map();
    this.tickets = by(state.tickets, "ticket_id");
    this.suggestions = by(state.suggestions, "change_id");
  }

  apply({ kind, id, data }) {
    if (kind === "meeting") {
      if (this.meeting?.meeting_id === id) this.meeting = data;
      this.meetings.set(id, data);
    } else if (kind === "minutes") {
      if (this.meeting?.meeting_id === id) this.minutes = data;
    } else if (kind === "draft") {
      if (data === null || this.utterances.has(id)) this.drafts.delete(id);
      else this.drafts.set(id, data);
    } else if (kind === "utterance") {
      this.drafts.delete(id);
      if (data.text) this.utterances.set(id, data);
      else this.utterances.delete(id); // withdrawn
    } else if (kind === "speaker") {
      this.names.set(`${data.stream} ${data.voice}`, data.name);
    } else {
      const held = { ticket: this.tickets, suggestion: this.suggestions, stream: this.streams, lag: this.lags }[kind];
      if (data === null) held.delete(id);
      else held.set(id, data);
    }
  }
}

// Who said something: the name, or a number for a voice that has none, or null. On a shared microphone a name may have come
// since; numbers go on from one shared microphone to the next, oldest first.
const VOICES = 4;
export function who(state, said, numbered) {
  const key = `${said.stream} ${said.voice}`;
  const name = state.names.has(key) ? state.names.get(key) : (said.speaker ?? said.name ?? null);
  const shared = [...state.streams].filter(([, stream]) => stream.speaker === null).map(([id]) => id);
  if (name !== null || (said.voice ?? null) === null || !shared.includes(said.stream)) return name;
  return numbered(shared.indexOf(said.stream) * VOICES + said.voice + 1);
}

// Follow a meeting (or the overview, without an id). `changed(message)` is called after each change of `state`,
// `broken(true or false)` when the connection is lost and found again, `refused(problem)` when there is no such thing.
export function follow(meetingId, state, { changed, broken, refused }) {
  let position = null;
  let tries = 0;
  const open = () => {
    const query = new URLSearchParams();
    if (meetingId) query.set("meeting_id", meetingId);
    if (position) query.set("after", `${position.epoch}:${position.seq}`);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/api/live?${query}`);
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      if (message.type === "error") {
        if (message.status < 500) refused(message);
        return;
      }
      tries = 0;
      broken(false);
      position = { epoch: message.epoch ?? position.epoch, seq: message.seq };
      if (message.type === "snapshot") state.load(message.state);
      if (message.type === "diff") state.apply(message);
      changed(message);
    };
    socket.onclose = (event) => {
      if (FOR_GOOD(event.code)) return;
      broken(true);
      setTimeout(open, PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)]);
      tries += 1;
    };
  };
  open();
}
