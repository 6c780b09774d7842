-- The rows of each kind, from the facts and `vocabulary` (each text's different content words).
create temp table turn as
select meeting_id, who, max(z) - min(a) as length, (array_agg(id order by a, z, id))[1] as first
from (
  select *, row_number() over (partition by meeting_id order by a, z, id)
    - row_number() over (partition by meeting_id, who order by a, z, id) as island from utterance
) u group by meeting_id, who, island;
create temp table question as
select q.meeting_id, q.who, q.id, q.a, q.z, coalesce(o.a <= q.z + %(answer)s, false) as answered
from utterance q left join lateral (
  select a from utterance o where o.meeting_id = q.meeting_id and o.who <> q.who and (o.a, o.z, o.id) > (q.a, q.z, q.id)
  order by a, z, id limit 1) o on true
where q.text ~ %(question)s;
create temp table interruption as
select meeting_id, id, a, z from utterance u where exists (
  select from utterance o where o.meeting_id = u.meeting_id and o.stream <> u.stream and o.who <> u.who
    and o.a < u.a and o.z >= u.a + %(overlap)s);
create temp table voice as
select m.workspace_id, m.meeting_id, m.local, u.who, sum(z - a)::bigint as talk_ms,
  (select count(*) from turn t where t.meeting_id = m.meeting_id and t.who = u.who) as turns,
  (select max(length) from turn t where t.meeting_id = m.meeting_id and t.who = u.who) as longest_ms,
  (select count(*) from question q where q.meeting_id = m.meeting_id and q.who = u.who) as questions
from utterance u join meeting m using (meeting_id) group by m.workspace_id, m.meeting_id, m.local, u.who;
create temp table share as
select *, case when total > 0 then talk_ms::float8 / total else 0 end as share
from (select *, (sum(talk_ms) over (partition by meeting_id))::bigint as total from voice) v;
create temp table decision as
select r.meeting_id, nth, (proof ->> 'utterance_id')::uuid as id, (proof ->> 'start_ms')::bigint as a, words
from report r, jsonb_array_elements(r.e -> 'decisions') with ordinality d (d, nth)
join vocabulary v on v.text = d ->> 'text'
left join lateral (
  select proof from jsonb_array_elements(d -> 'evidence') proof
  order by (proof ->> 'start_ms')::bigint desc, (proof ->> 'end_ms')::bigint desc, proof ->> 'utterance_id' desc limit 1) p on true;
create temp table mention as
select d.meeting_id, d.nth, d.a - u.a as took, u.id
from decision d, lateral (
  select u.a, u.id from utterance u join vocabulary v using (text)
  where u.meeting_id = d.meeting_id and u.a <= d.a and cardinality(d.words) > 0
    and (select count(*) from (select unnest(v.words) intersect select unnest(d.words)) both_say) >= least(2, cardinality(d.words))
  order by u.a, u.z, u.id limit 1) u;
create temp table state as
select c.workspace_id, c.ticket_id, c.event_id, c.at, c.after ->> 'status' as status,
  case when (c.after ->> 'blocked')::bool then c.after ->> 'blocked_reason' end as reason,
  coalesce(next.at, (select max(at) from fact)) as ended,
  (case when last.event_id is null then c.before ->> 'status' else last.status end) is distinct from c.after ->> 'status' as begins
from change c
left join lateral (select event_id, after ->> 'status' as status from change o where o.ticket_id = c.ticket_id
  and (o.at, o.event_id) < (c.at, c.event_id) order by at desc, event_id desc limit 1) last on true
left join lateral (select at from change o where o.ticket_id = c.ticket_id
  and (o.at, o.event_id) > (c.at, c.event_id) order by at, event_id limit 1) next on true;
create temp table stay as
select s.workspace_id, s.ticket_id, row_number() over (partition by s.ticket_id order by s.at, s.event_id) - 1 as number,
  s.status, s.at as since, s.event_id, next.at as until, next.status as next_status, next.event_id as next_event, t.after
from state s join ticket t using (ticket_id)
left join lateral (select * from state o where o.ticket_id = s.ticket_id and begins
  and (o.at, o.event_id) > (s.at, s.event_id) order by at, event_id limit 1) next on true
where s.begins and s.status is not null;
create temp table meeting_row as
with counted as (
  select m.*, m.meeting_id::text as key, local::date as day, extract(hour from local)::int as hour,
    extract(isodow from local)::int as weekday,
    case when spoken <> 'auto' then spoken
      when (select count(*) filter (where language = 'ko') * 2 >= count(*) from utterance u where u.meeting_id = m.meeting_id)
      then 'ko' else 'en' end as language,
    pg_temp.ms(started_at) - pg_temp.ms(planned_at) as late_ms, pg_temp.ms(ended_at) - pg_temp.ms(planned_until) as over_ms,
    (select count(*) from voice v where v.meeting_id = m.meeting_id) as speakers,
    (select count(*) from utterance u where u.meeting_id = m.meeting_id) as utterances,
    (select count(distinct stream) from utterance u where u.meeting_id = m.meeting_id) as streams,
    (select count(*) from turn t where t.meeting_id = m.meeting_id) as turns,
    (select coalesce(sum(z - a), 0)::bigint from utterance u where u.meeting_id = m.meeting_id) as talk_ms,
    length_ms - (select coalesce(sum(upper(r) - lower(r)), 0)::bigint from unnest((
      select range_agg(int8range(a, z) * int8range(0, length_ms)) from utterance u where u.meeting_id = m.meeting_id and a < z
    )) r where not isempty(r)) as silence_ms,
    (select count(*) from decision d where d.meeting_id = m.meeting_id) as decisions,
    (select sum(took)::bigint / count(*) from mention d where d.meeting_id = m.meeting_id) as decision_ms,
    (select round((sum(-share * ln(share) order by share) / ln(count(*)))::numeric, 6)::float8 from share s
      where s.meeting_id = m.meeting_id and share > 0
      and 1 < (select count(*) from voice v where v.meeting_id = m.meeting_id)) as uneven,
    array(select id from question q where q.meeting_id = m.meeting_id order by a, z, id) as b_questions,
    array(select id from question q where q.meeting_id = m.meeting_id and answered order by a, z, id) as b_answered,
    array(select first from turn t join utterance u on u.id = first where t.meeting_id = m.meeting_id and length >= %(monologue)s
      order by a, z, id) as b_monologues,
    array(select id from interruption i where i.meeting_id = m.meeting_id order by a, z, id) as b_interruptions,
    array(select id from decision d where d.meeting_id = m.meeting_id and id is not null order by nth) as b_decisions,
    array(select id from mention d where d.meeting_id = m.meeting_id order by nth) as b_mentions,
    array(select ticket_id from (
      select ticket_id, min(nth) as nth from change c join ticket using (ticket_id)
      where c.meeting_id = m.meeting_id and before is null group by ticket_id) c order by nth) as b_created,
    array(select ticket_id from (
      select ticket_id, min(nth) as nth from change c join ticket t using (ticket_id)
      where c.meeting_id = m.meeting_id and before is null
        and (t.after ->> 'assignee' is not null or t.after ->> 'due' is not null)
      group by ticket_id) c order by nth) as b_actionable,
    array(select ticket_id from (
      select ticket_id, min(nth) as nth from change c
      where c.meeting_id = m.meeting_id and proven and (after ->> 'blocked')::bool
        and not coalesce((before ->> 'blocked')::bool, false) group by ticket_id) c order by nth) as b_blockers,
    array(select (o ->> 'ticket_id')::uuid from report r, jsonb_array_elements(r.e -> 'open_before') with ordinality o (o, nth)
      where r.meeting_id = m.meeting_id and o ->> 'status' <> 'DONE' and not exists (
        select from jsonb_array_elements(r.e -> 'tickets') t
        where t -> 'ticket' ->> 'ticket_id' = o ->> 'ticket_id' and t -> 'ticket' ->> 'status' = 'DONE')
      order by nth) as b_carried
  from meeting m
), judged as (
  select *, case when speakers < %(speakers)s then 'few_speakers' when utterances < %(utterances)s then 'few_words'
      when length_ms < %(least)s then 'short' end as little,
    case when speakers > 1 and talk_ms > 0 then uneven end as evenness, cardinality(b_actionable) as actionable
  from counted
), parts as (
  select *, case when little is null then 100 * least(1::float8, actionable * 3600000::float8 / nullif(length_ms, 0) / %(full)s) end as pa,
    case when little is null and decisions > 0 then 100 * greatest(0::float8, 1 - decision_ms / %(slowest)s::float8) end as pd,
    case when little is null then 100 * evenness end as pp
  from judged
)
select workspace_id, key, day, meeting_id, title, language, started_at, ended_at, length_ms, hour, weekday, late_ms, over_ms,
  speakers, utterances, turns, talk_ms, silence_ms, case when streams > 1 then cardinality(b_interruptions) end as interruptions,
  cardinality(b_monologues) as monologues, cardinality(b_questions) as questions, cardinality(b_answered) as answered,
  decisions, decision_ms, cardinality(b_created) as created, actionable, cardinality(b_blockers) as blockers,
  cardinality(b_carried) as carried, evenness,
  jsonb_build_object(
    'value', (select case when wa + wd + wp > 0 and little is null then
        (case when wa > 0 then pa * wa else 0 end + case when wd > 0 then pd * wd else 0 end
         + case when wp > 0 then pp * wp else 0 end) / (wa + wd + wp) end
      from (select coalesce(t.wa, 1) as wa, coalesce(t.wd, 1) as wd, coalesce(t.wp, 1) as wp
            from (select parts.workspace_id) p left join team t using (workspace_id)) w),
    'actionable', jsonb_build_object('value', pa, 'missing', coalesce(little, '')),
    'decision_time', jsonb_build_object('value', pd, 'missing', coalesce(little,
      case when decisions = 0 then 'no_decision' when decision_ms is null then 'no_mention' end, '')),
    'participation', jsonb_build_object('value', pp, 'missing', coalesce(little,
      case when evenness is null then 'no_talk' end, ''))) as score,
  jsonb_build_object('questions', b_questions, 'answered', b_answered, 'monologues', b_monologues,
    'interruptions', b_interruptions, 'decisions', b_decisions, 'mentions', b_mentions, 'created', b_created,
    'actionable', b_actionable, 'blockers', b_blockers, 'carried', b_carried) as behind
from parts;
create temp table speaker_row as
select workspace_id, meeting_id || '/' || who as key, local::date as day, meeting_id, who, talk_ms, share, turns, questions,
  longest_ms from share;
create temp table stay_row as
select s.workspace_id, s.ticket_id || '/' || number as key, (since at time zone coalesce(t.zone, 'UTC'))::date as day, s.ticket_id,
  number, s.status, since, until, next_status,
  coalesce((select jsonb_object_agg(reason, ms) from (
    select reason, sum(pg_temp.ms(ended) - pg_temp.ms(at))::bigint as ms from state o
    where o.ticket_id = s.ticket_id and (o.at, o.event_id) >= (s.since, s.event_id)
      and (s.until is null or (o.at, o.event_id) < (s.until, s.next_event)) and reason is not null
    group by reason having sum(pg_temp.ms(ended) - pg_temp.ms(at)) > 0) b), '{}') as blocked,
  after ->> 'title' as title, after -> 'labels' as labels, after ->> 'assignee' is not null as assigned
from stay s left join team t using (workspace_id);
create temp table ticket_row as
select k.workspace_id, k.ticket_id::text as key, (opened.at at time zone coalesce(t.zone, 'UTC'))::date as day, k.ticket_id,
  after ->> 'title' as title, after -> 'labels' as labels, after ->> 'status' as status, opened.at as opened_at,
  nullif(opened.meeting_id, k.ticket_id) as opened_in, begun_at, done_at, pg_temp.ms(done_at) - pg_temp.ms(begun_at) as cycle_ms,
  pg_temp.ms(done_at) - pg_temp.ms(opened.at) as lead_ms,
  (select count(*) from stay s where s.ticket_id = k.ticket_id and status = 'DONE' and next_status is not null) as reopened,
  after -> 'meetings' as meetings
from ticket k left join team t using (workspace_id)
join lateral (select at, meeting_id from change c where c.ticket_id = k.ticket_id and before is null
  order by at, event_id limit 1) opened on true,
lateral (select min(since) filter (where status = 'IN_PROGRESS') as begun_at,
  max(since) filter (where status = 'DONE' and until is null) as done_at from stay s where s.ticket_id = k.ticket_id) d;
