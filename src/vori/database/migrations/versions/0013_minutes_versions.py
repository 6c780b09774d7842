"""Minutes that people may edit: what VORI wrote, what people made of it, every version; drafts of live meetings."""

from alembic import op

revision = "0013"
down_revision = "0009"
branch_labels = depends_on = None

EDITABLE = """
alter table minutes add source jsonb, add base jsonb, add edits jsonb not null default '{}',
  add by text not null default 'vori';
"""

IN_LINES = """
alter table minutes no force row level security;
update minutes m set
  source = jsonb_build_object('tickets', m.body->'tickets', 'decisions', m.body->'decisions'),
  body = m.body || jsonb_build_object(
    'summary', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'id', gen_random_uuid(), 'text', said->'quote', 'evidence', jsonb_build_array(said)) order by place), '[]')
      from jsonb_array_elements(m.body->'summary') with ordinality as list (said, place)),
    'decisions', (
      select coalesce(jsonb_agg(made || jsonb_build_object('id', gen_random_uuid()) order by place), '[]')
      from jsonb_array_elements(m.body->'decisions') with ordinality as list (made, place)),
    'tickets', (
      select coalesce(jsonb_agg((item - 'action') || jsonb_build_object(
        'id', gen_random_uuid(), 'news', item->'action') order by place), '[]')
      from jsonb_array_elements(m.body->'tickets') with ordinality as list (item, place)),
    'participants', (
      select coalesce(jsonb_agg(who || jsonb_build_object('percent', coalesce(round(
        100 * (who->>'talk_ms')::numeric / nullif(total, 0)), 0)) order by place), '[]')
      from jsonb_array_elements(m.body->'participants') with ordinality as list (who, place),
        lateral (select sum((each->>'talk_ms')::numeric) as total
                 from jsonb_array_elements(m.body->'participants') as each) as all_of_them));
update minutes set base = body;
alter table minutes force row level security;
alter table minutes alter source set not null, alter base set not null, drop markdown;
"""

VERSIONS = """
create table minutes_version (
  meeting_id uuid not null references minutes on delete cascade,
  version int not null,
  workspace_id uuid not null references workspace,
  body jsonb not null,
  edits jsonb not null,
  by text not null,
  written_at timestamptz not null,
  primary key (meeting_id, version)
);
alter table minutes no force row level security;
insert into minutes_version (meeting_id, version, workspace_id, body, edits, by, written_at)
  select meeting_id, version, workspace_id, body, edits, by, written_at from minutes;
alter table minutes force row level security;
create table minutes_draft (
  meeting_id uuid primary key references meeting on delete cascade,
  workspace_id uuid not null references workspace,
  source jsonb not null default '{}',
  body jsonb,
  written_at timestamptz not null default now()
);
alter table minutes_version enable row level security;
alter table minutes_version force row level security;
create policy own_workspace on minutes_version to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert on minutes_version to vori_app;
alter table minutes_draft enable row level security;
alter table minutes_draft force row level security;
create policy own_workspace on minutes_draft to vori_app
  using (workspace_id = nullif(current_setting('vori.workspace', true), '')::uuid);
grant select, insert, update, delete on minutes_draft to vori_app;
"""


def upgrade() -> None:
    for statements in (EDITABLE, IN_LINES, VERSIONS):
        op.execute(statements)
