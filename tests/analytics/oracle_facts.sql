-- What was said, decided and done, each fact once; needs `line` (value jsonb) and `team`.
create function pg_temp.ms(timestamptz) returns bigint immutable language sql
  as 'select floor(extract(epoch from $1) * 1000)::bigint';
create temp table fact as
select distinct on (value -> 'event' ->> 'event_id')
  value ->> 'type' as type, (value -> 'event' ->> 'event_id')::uuid as event_id,
  (value -> 'event' ->> 'workspace_id')::uuid as workspace_id, (value -> 'event' ->> 'meeting_id')::uuid as meeting_id,
  (value -> 'event' ->> 'occurred_at')::timestamptz as at, value -> 'event' as e
from line;
create temp table meeting as
select s.workspace_id, s.meeting_id, s.e ->> 'title' as title, s.e ->> 'language' as spoken, s.at as started_at,
  n.at as ended_at, (s.e ->> 'planned_at')::timestamptz as planned_at, (s.e ->> 'planned_until')::timestamptz as planned_until,
  greatest(0, pg_temp.ms(n.at) - pg_temp.ms(s.at)) as length_ms, s.at at time zone coalesce(t.zone, 'UTC') as local
from fact s join fact n on n.type = 'MeetingEnded' and n.meeting_id = s.meeting_id
left join team t on t.workspace_id = s.workspace_id
where s.type = 'MeetingStarted';
create temp table utterance as
select u.meeting_id, (u.e ->> 'utterance_id')::uuid as id, u.e ->> 'stream' as stream, (u.e ->> 'start_ms')::bigint as a,
  (u.e ->> 'end_ms')::bigint as z, u.e ->> 'language' as language, text,
  coalesce(name, case when u.e ->> 'voice' is null then coalesce(u.e ->> 'speaker', u.e ->> 'stream')
    else (u.e ->> 'stream') || ':' || (u.e ->> 'voice') end) as who
from fact u join meeting using (meeting_id)
left join lateral (
  select e ->> 'text' as put from fact where type = 'UtteranceCorrected' and e ->> 'utterance_id' = u.e ->> 'utterance_id'
  order by (e ->> 'version')::int desc limit 1) c on exists (select from fact where type = 'UtteranceCorrected')
left join lateral (
  select e ->> 'name' as name from fact where type = 'SpeakerNamed' and e ->> 'stream' = u.e ->> 'stream'
    and e ->> 'voice' is not distinct from u.e ->> 'voice'
  order by (e ->> 'version')::int desc limit 1) n on exists (select from fact where type = 'SpeakerNamed'),
lateral (select coalesce(put, u.e ->> 'text') as text) said
where u.type = 'UtteranceFinal' and text <> '';
create index on utterance (meeting_id, a);
analyze utterance;
create temp table report as
select distinct on (meeting_id) meeting_id, e from fact where type = 'MeetingReported' order by meeting_id, at desc, event_id desc;
create temp table change as
select row_number() over (order by at, event_id) as nth, workspace_id, event_id, meeting_id, at, e -> 'before' as before,
  nullif(case when type = 'TicketCreated' then e -> 'ticket' else e -> 'after' end, 'null') as after,
  coalesce(e -> 'before' ->> 'ticket_id', e -> 'ticket' ->> 'ticket_id')::uuid as ticket_id,
  jsonb_array_length(e -> 'evidence') > 0 as proven
from fact where type in ('TicketCreated', 'TicketUpdated');
create temp table ticket as
select * from (
  select distinct on (ticket_id) workspace_id, ticket_id, after from change order by ticket_id, at desc, event_id desc
) last where after is not null;
