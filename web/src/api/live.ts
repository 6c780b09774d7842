/** The live WebSocket: a snapshot, then diffs; after a break it resumes from the last one seen. */
import type { ChangeOut, DraftOut, LagOut, LiveDiff, LiveNumbers, LiveWindow, MeetingOut, MinutesOut } from "./schema";
import type { State, StreamNow, TicketOut, UtteranceOut } from "./schema";

/** What a page shows; each map is by id, and a new one whenever something in it changed. */
export interface LiveState {
  meeting: MeetingOut | null;
  minutes: MinutesOut | null;
  /** The meeting in numbers so far. */
  metrics: LiveNumbers | null;
  /** Of the overview: the windows of the last hour in which anything happened, oldest first. */
  team: readonly LiveWindow[];
  meetings: ReadonlyMap<string, MeetingOut>;
  streams: ReadonlyMap<string, StreamNow>;
  lags: ReadonlyMap<string, LagOut>;
  drafts: ReadonlyMap<string, DraftOut>;
  utterances: ReadonlyMap<string, UtteranceOut>;
  /** Utterances that were withdrawn since the snapshot, also older ones than it has. */
  withdrawn: ReadonlySet<string>;
  /** Names given to voices since the snapshot, by `stream voice`. */
  names: ReadonlyMap<string, string | null>;
  tickets: ReadonlyMap<string, TicketOut>;
  suggestions: ReadonlyMap<string, ChangeOut>;
}

export const NOTHING: LiveState = {
  meeting: null,
  minutes: null,
  metrics: null,
  team: [],
  meetings: new Map(),
  streams: new Map(),
  lags: new Map(),
  drafts: new Map(),
  utterances: new Map(),
  withdrawn: new Set(),
  names: new Map(),
  tickets: new Map(),
  suggestions: new Map(),
};

function by<T>(list: readonly T[], id: (item: T) => string): Map<string, T> {
  return new Map(list.map((item) => [id(item), item]));
}

function put<T>(map: ReadonlyMap<string, T>, id: string, item: T | null): ReadonlyMap<string, T> {
  const next = new Map(map);
  if (item === null) next.delete(id);
  else next.set(id, item);
  return next;
}

function held(set: ReadonlySet<string>, id: string, within: boolean): ReadonlySet<string> {
  if (set.has(id) === within) return set;
  const next = new Set(set);
  if (within) next.add(id);
  else next.delete(id);
  return next;
}

export function loaded(snapshot: State): LiveState {
  return {
    meeting: snapshot.meeting,
    minutes: snapshot.minutes,
    metrics: snapshot.metrics,
    team: snapshot.team?.windows ?? [],
    meetings: by(snapshot.meetings, (meeting) => meeting.meeting_id),
    streams: new Map(Object.entries(snapshot.streams)),
    lags: new Map(Object.entries(snapshot.lags)),
    drafts: new Map(Object.entries(snapshot.drafts)),
    utterances: by(snapshot.utterances, (said) => said.utterance_id),
    withdrawn: new Set(),
    names: new Map(),
    tickets: by(snapshot.tickets, (ticket) => ticket.ticket_id),
    suggestions: by(snapshot.suggestions, (change) => change.change_id),
  };
}

export function applied(state: LiveState, diff: LiveDiff): LiveState {
  const { id } = diff;
  switch (diff.kind) {
    case "meeting":
      return {
        ...state,
        meeting: state.meeting?.meeting_id === id ? diff.data : state.meeting,
        meetings: put(state.meetings, id, diff.data),
      };
    case "minutes":
      return state.meeting?.meeting_id === id ? { ...state, minutes: diff.data } : state;
    case "metrics":
      return state.meeting?.meeting_id === id ? { ...state, metrics: diff.data } : state;
    case "team":
      return { ...state, team: diff.data.windows };
    case "draft":
      return { ...state, drafts: put(state.drafts, id, state.utterances.has(id) ? null : diff.data) };
    case "utterance": // without text it is withdrawn
      return {
        ...state,
        drafts: put(state.drafts, id, null),
        utterances: put(state.utterances, id, diff.data.text ? diff.data : null),
        withdrawn: held(state.withdrawn, id, diff.data.text === ""),
      };
    case "speaker":
      return { ...state, names: put(state.names, `${diff.data.stream} ${diff.data.voice}`, diff.data.name) };
    case "ticket":
      return { ...state, tickets: put(state.tickets, id, diff.data) };
    case "suggestion":
      return { ...state, suggestions: put(state.suggestions, id, diff.data) };
    case "stream":
      return { ...state, streams: put(state.streams, id, diff.data) };
    case "lag":
      return { ...state, lags: put(state.lags, id, diff.data) };
  }
}
