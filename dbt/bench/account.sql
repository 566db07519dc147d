-- A year of a large company, as Airbyte's destination lays it out: `audit_events`, `item_usages` and `sign_in_attempts` with
-- objects as JSON and the columns of Airbyte's own. Every event is a function of its number, so the same numbers give the
-- same rows. run.py replaces the words in braces and runs this twice: for the year, and for what comes after it.

create or replace macro pick(number, purpose, count) as (hash(number, purpose) % (count))::bigint;
create or replace macro share(number, purpose) as (hash(number, purpose) % 1000000) / 1e6;
create or replace macro identifier(kind, number) as upper(md5(kind || number)[:26]);

-- People work from 6 to 20 o'clock, day after day. A year has `year` events of a stream.
create or replace macro happened(number, year) as timestamptz '2025-10-01 00:00:00+00'
  + to_microseconds((floor(number * 365 / year) * 86400e6 + 21600e6 + (number * 365 / year - floor(number * 365 / year)) * 50400e6)::bigint);
-- A sync every six hours; apps that were offline report up to a day and a half later.
create or replace macro extracted(number, happened_at) as time_bucket(interval 6 hours, happened_at)
  + interval 6 hours + interval 90 seconds
  + case when share(number, 'late') < 0.02 then to_hours(6 * (1 + pick(number, 'how late', 6))) else interval 0 hours end;

create schema if not exists airbyte;

-- The last fifth of the people joins or leaves within the year.
create or replace temporary table people as
select
  number,
  identifier('person', number) as uuid,
  case when number >= {people} * 0.8 and number % 2 = 0 then timestamptz '2025-10-02 00:00:00+00' + to_hours(pick(number, 'joins', 8000)) end as joined_at,
  case when number >= {people} * 0.8 and number % 2 = 1 then timestamptz '2025-10-20 00:00:00+00' + to_hours(pick(number, 'leaves', 8000)) end as left_at,
  '{"uuid":"' || uuid || '","name":"Person ' || number || '","email":"person.' || number || '@example.com","user_type":"user"}' as person,
  concat_ws('.', 81, pick(number, 'b', 200) + 1, pick(number, 'c', 200) + 1, pick(number, 'd', 200) + 1) as ip,
  pick(number, 'home', 40) as home
from range({people}) as numbers(number);

create or replace temporary table places as
select
  number,
  ['CA', 'US', 'DE', 'NL', 'GB', 'FR', 'PL', 'JP', 'BR', 'AU'][1 + number % 10] as country,
  '{"country":"' || country || '","region":"Region ' || number || '","city":"City ' || number || '","latitude":'
    || (number * 1.7 - 30)::decimal(6, 4) || ',"longitude":' || (number * 7.3 - 140)::decimal(7, 4) || '}' as location
from range(40) as numbers(number);

create or replace temporary table apps as
select
  number,
  '{"app_name":"1Password ' || ['for Mac', 'for Windows', 'Browser Extension', 'for iOS', 'CLI'][1 + number % 5] || '","app_version":"8.'
    || (10 + number // 5 % 8) || '.' || (number % 30) || '","platform_name":"Device ' || number || '","platform_version":"'
    || (100 + number % 40) || '","os_name":"' || ['MacOSX', 'Windows', 'MacOSX', 'iOS', 'Linux'][1 + number % 5] || '","os_version":"'
    || (10 + number % 9) || '.' || (number % 6) || '","ip_address":"' as client
from range(400) as numbers(number);

-- Who does something at a time: whoever is not there has a colleague do it.
create or replace macro colleague(number) as pick(number, 'colleague', {people} * 8 // 10);

create table if not exists airbyte.item_usages (
  uuid varchar, timestamp timestamptz, used_version bigint, vault_uuid varchar, item_uuid varchar, action varchar,
  "user" json, client json, location json, account_uuid varchar, additional_fields json,
  _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta json, _airbyte_generation_id bigint
);

insert into airbyte.item_usages
with numbers as (
  select
    number,
    happened(number, {item_usages}) as happened_at,
    -- Now and then somebody takes thirty items within a few minutes.
    number % 100000 < 30 as is_burst,
    case when is_burst then pick(number // 100000, 'burst', {people}) else pick(number, 'person', {people}) end as someone,
    -- Of twelve vaults that a person has, few are used often.
    floor(12 * power(share(number, 'vault'), 3))::bigint as nth_vault
  from range({item_usages_from}, {item_usages_to}) as numbers(number)
),

present as (
  select
    numbers.*,
    case when someones.joined_at > happened_at or someones.left_at < happened_at then colleague(numbers.number) else someone end as who
  from numbers
  inner join people as someones on numbers.someone = someones.number
),

used as (
  select
    *,
    -- Eight through two groups, four of one's own.
    case when nth_vault < 8 then ((who * 7 + nth_vault // 4) % 60) * 16 + nth_vault % 4 else who * 31 + nth_vault end % {vaults} as vault
  from present
)

select
  identifier('usage', used.number),
  happened_at,
  1 + pick(used.number, 'version', 9),
  identifier('vault', vault),
  identifier('item', vault * 1000 + case when is_burst then used.number % 100 else pick(used.number, 'item', 100) end),
  case
    when is_burst then 'reveal'
    else ['fill', 'fill', 'fill', 'fill', 'fill', 'reveal', 'secure-copy', 'secure-copy', 'enter-item-edit-mode', 'other'][1 + pick(used.number, 'action', 10)]
  end,
  person,
  client || ip || '"}',
  location,
  'ACCOUNTACCOUNTACCOUNTACCOU',
  null,
  identifier('raw usage', used.number),
  extracted(used.number, happened_at),
  '{"sync_id":1,"changes":[]}',
  0
from used
inner join people on used.who = people.number
inner join apps on apps.number = (used.who * 3 + pick(used.number, 'app', 3)) % 400
inner join places on places.number = case when share(used.number, 'away') < 0.002 then pick(used.number, 'where', 40) else home end;

create table if not exists airbyte.sign_in_attempts (
  uuid varchar, timestamp timestamptz, session_uuid varchar, category varchar, type varchar, country varchar, details json,
  target_user json, client json, location json, account_uuid varchar, additional_fields json,
  _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta json, _airbyte_generation_id bigint
);

insert into airbyte.sign_in_attempts
with numbers as (
  select
    number,
    happened(number, {sign_in_attempts}) as happened_at,
    -- Now and then one person fails twenty-five times in a row.
    number % 20000 < 25 as is_burst,
    case when is_burst then pick(number // 20000, 'failing', {people}) else pick(number, 'signer', {people}) end as someone,
    case when is_burst then 0.999 else share(number, 'outcome') end as outcome
  from range({sign_in_attempts_from}, {sign_in_attempts_to}) as numbers(number)
),

present as (
  select
    numbers.*,
    case when someones.joined_at > happened_at or someones.left_at < happened_at then colleague(numbers.number) else someone end as who
  from numbers
  inner join people as someones on numbers.someone = someones.number
)

select
  identifier('attempt', present.number),
  happened_at,
  identifier('session', present.number),
  case when outcome < 0.97 then 'success' when outcome < 0.98 then 'mfa_failed' else 'credentials_failed' end,
  case when outcome < 0.97 then 'credentials_ok' when outcome < 0.98 then 'totp_bad' else 'password_secret_bad' end,
  country,
  null,
  person,
  client || ip || '"}',
  location,
  'ACCOUNTACCOUNTACCOUNTACCOU',
  null,
  identifier('raw attempt', present.number),
  extracted(present.number, happened_at),
  '{"sync_id":1,"changes":[]}',
  0
from present
inner join people on present.who = people.number
inner join apps on apps.number = (present.who * 3 + pick(present.number, 'app', 3)) % 400
inner join places on places.number = case when share(present.number, 'abroad') < 0.005 then pick(present.number, 'where', 40) else home end;

-- What is given comes on top of what somebody has from the start, so that hardly anybody uses what they may not open.
create or replace macro member(turn) as pick(turn, 'member', {people});
create or replace macro joined_group(turn) as identifier('group', (member(turn) * 7 + 2 + pick(turn, 'group', 58)) % 60);
create or replace macro holder(turn) as pick(turn, 'holder', {people});
create or replace macro given_vault(turn) as identifier('vault', (holder(turn) * 31 + 12 + pick(turn, 'vault', greatest({vaults} - 16, 1))) % {vaults});
create or replace macro sharing_group(turn) as pick(turn, 'sharing group', 60);
create or replace macro shared_vault(turn) as identifier('vault', (sharing_group(turn) * 16 + 4 + pick(turn, 'shared vault', 12)) % {vaults});

create table if not exists airbyte.audit_events (
  uuid varchar, timestamp timestamptz, actor_uuid varchar, actor_details json, actor_type varchar, actor_account_uuid varchar,
  account_uuid varchar, action varchar, object_type varchar, object_uuid varchar, object_details json, aux_id bigint,
  aux_uuid varchar, aux_details json, aux_info varchar, session json, location json, additional_fields json,
  _airbyte_raw_id varchar, _airbyte_extracted_at timestamptz, _airbyte_meta json, _airbyte_generation_id bigint
);

insert into airbyte.audit_events
with numbers as (
  select
    number,
    happened(number, {audit_events}) as happened_at,
    -- Nine of ten are machines renewing their sessions; the tenth is one of twenty changes, whose turns come one after another.
    number % 10 < 9 as is_chatter,
    number // 10 % 20 as change,
    number // 200 * 2 + change % 2 as turn,
    colleague(number) as actor
  from range({audit_events_from}, {audit_events_to}) as numbers(number)
),

-- An ending takes back what was given a month earlier.
changes as (
  select number, happened_at, actor, 'dlgdsess' as object_type, 'dlgsess' as action, identifier('session', number) as object_uuid, null as object, null as aux_uuid, null as aux, null as info
  from numbers where is_chatter
  union all
  select number, happened_at, actor, 'gm', 'join', joined_group(turn), null, null, member(turn), 'R'
  from numbers where not is_chatter and change in (0, 1)
  union all
  select number, happened_at, actor, 'gm', 'leave', joined_group(turn - {audit_events} // 1000), null, null, member(turn - {audit_events} // 1000), null
  from numbers where not is_chatter and change in (2, 3)
  union all
  select number, happened_at, actor, 'uva', 'grant', given_vault(turn), null, null, holder(turn), null
  from numbers where not is_chatter and change in (4, 5)
  union all
  select number, happened_at, actor, 'uva', 'revoke', given_vault(turn - {audit_events} // 1000), null, null, holder(turn - {audit_events} // 1000), null
  from numbers where not is_chatter and change in (6, 7)
  union all
  select number, happened_at, actor, 'gva', case change when 8 then 'grant' else 'revoke' end, shared_vault(turn // 20 - (change - 8) * {audit_events} // 8000), null, identifier('group', sharing_group(turn // 20 - (change - 8) * {audit_events} // 8000)), null, null
  from numbers where not is_chatter and change in (8, 9) and turn % 20 = (change - 8) * 13
  union all
  select number, happened_at, actor, 'device', 'create', identifier('device', number), null, null, actor, null
  from numbers where not is_chatter and change in (10, 11)
  union all
  select number, happened_at, actor, 'item', 'patch', identifier('item', pick(number, 'changed item', 1000 * {vaults})), null, identifier('vault', pick(number, 'changed vault', {vaults})), null, null
  from numbers where not is_chatter and change > 11
  -- Whoever joins in the year is invited and gets two groups and four vaults; whoever leaves is suspended and removed.
  union all
  select {audit_events} * 10 + number * 20 + step, joined_at + to_minutes(step), case when step = 1 then number else 0 end,
    ['invite', 'user', 'gm', 'gm', 'uva', 'uva', 'uva', 'uva'][step + 1],
    ['create', 'join', 'join', 'join', 'grant', 'grant', 'grant', 'grant'][step + 1],
    case
      when step = 0 then identifier('invite', number)
      when step = 1 then uuid
      when step < 4 then identifier('group', (number * 7 + step - 2) % 60)
      else identifier('vault', (number * 31 + step + 4) % {vaults})
    end,
    case when step = 1 then number end, null, case when step > 1 then number end,
    case when step = 0 then 'person.' || number || '@example.com' when step in (2, 3) then 'R' end
  from people, range(8) as steps(step)
  where joined_at is not null and {audit_events_from} = 0
  union all
  select {audit_events} * 10 + number * 20 + step, left_at + to_minutes(step), 0, 'user', ['suspend', 'delete'][step + 1], uuid, number, null, null, null
  from people, range(2) as steps(step)
  where left_at is not null and {audit_events_from} = 0
)

select
  identifier('event', changes.number),
  happened_at,
  actors.uuid,
  actors.person,
  'user',
  'ACCOUNTACCOUNTACCOUNTACCOU',
  'ACCOUNTACCOUNTACCOUNTACCOU',
  action,
  object_type,
  object_uuid,
  objects.person,
  null,
  coalesce(aux_uuid, auxiliaries.uuid),
  auxiliaries.person,
  info,
  '{"uuid":"' || identifier('session', actor * 1000 + datediff('day', date '2025-10-01', happened_at::date)) || '","login_time":"' || strftime(happened_at at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') || '","device_uuid":"'
    || identifier('device', actor) || '","ip":"' || actors.ip || '"}',
  location,
  null,
  identifier('raw event', changes.number),
  extracted(changes.number, happened_at),
  '{"sync_id":1,"changes":[]}',
  0
from changes
inner join people as actors on changes.actor = actors.number
inner join places on places.number = actors.home
left join people as objects on changes.object = objects.number
left join people as auxiliaries on changes.aux = auxiliaries.number;
