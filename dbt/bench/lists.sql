-- What 1Password would list of the account in account.sql: people, groups, vaults and who has what, begun with what everybody
-- has from before the log and carried on by the log itself. run.py runs this after account.sql, in the same connection.

create or replace temporary table times as
select strftime(as_of at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as as_of, strftime(as_of at time zone 'UTC' + interval 5 minutes, '%Y-%m-%dT%H:%M:%SZ') as finished_at
from (values (timestamptz '2025-10-02 00:00:00+00'), (timestamptz '2026-04-01 00:00:00+00'), (timestamptz '2026-09-30 00:00:00+00')) as listed(as_of);

create or replace temporary table steps as
select 'membership' as kind, identifier('group', (number * 7 + nth) % 60) as container, uuid as holder, timestamptz '2000-01-01 00:00:00+00' as at, true as opens
from people, range(2) as nths(nth) where joined_at is null
union
select 'user', identifier('vault', (number * 31 + 8 + nth) % {vaults}), uuid, timestamptz '2000-01-01 00:00:00+00', true
from people, range(4) as nths(nth) where joined_at is null
union
select 'group', identifier('vault', (number * 16 + nth) % {vaults}), identifier('group', number), timestamptz '2000-01-01 00:00:00+00', true
from range(60) as numbers(number), range(4) as nths(nth)
union
select case object_type when 'uva' then 'user' when 'gva' then 'group' else 'membership' end, object_uuid, aux_uuid, timestamp, action in ('grant', 'join')
from airbyte.audit_events where object_type in ('uva', 'gva', 'gm');

create or replace temporary table held as
select lists.as_of, steps.kind, steps.container, steps.holder
from times as lists
inner join steps on steps.at <= lists.as_of::timestamptz
left join people on steps.holder = people.uuid
group by all
having arg_max(steps.opens, steps.at)
  and coalesce(max(steps.at) > any_value(people.left_at) or any_value(people.left_at) > lists.as_of::timestamptz, true);

create or replace table airbyte.baseline_members as
select uuid as user_uuid, person::json ->> 'email' as email, person::json ->> 'name' as name, 'person' as kind, 'active' as status, as_of
from people, times
where coalesce(joined_at <= as_of::timestamptz, true) and coalesce(left_at > as_of::timestamptz, true);

create or replace table airbyte.baseline_groups as
select identifier('group', number) as group_uuid, 'Group ' || number as name, as_of from range(60) as numbers(number), times;

create or replace table airbyte.baseline_vaults as
select identifier('vault', number) as vault_uuid, 'Vault ' || number as name, as_of from range({vaults}) as numbers(number), times;

create or replace table airbyte.baseline_group_members as
select container as group_uuid, holder as user_uuid, 'member' as role, as_of from held where kind = 'membership';

create or replace table airbyte.baseline_vault_access as
select container as vault_uuid, kind as grantee_type, holder as grantee_uuid, 'view_items,create_items,edit_items' as permissions, as_of
from held where kind <> 'membership';

create or replace table airbyte.baselines as
select
  lists.as_of,
  lists.finished_at,
  'ACCOUNTACCOUNTACCOUNTACCOU' as account_uuid,
  identifier('person', 0) as taken_by_uuid,
  'person.0@example.com' as taken_by_email,
  '1Password CLI' as tool,
  (select count(*)::varchar from airbyte.baseline_members as listed where listed.as_of = lists.as_of) as members_count,
  (select count(*)::varchar from airbyte.baseline_groups as listed where listed.as_of = lists.as_of) as groups_count,
  (select count(*)::varchar from airbyte.baseline_group_members as listed where listed.as_of = lists.as_of) as group_members_count,
  (select count(*)::varchar from airbyte.baseline_vaults as listed where listed.as_of = lists.as_of) as vaults_count,
  (select count(*)::varchar from airbyte.baseline_vault_access as listed where listed.as_of = lists.as_of) as vault_access_count
from times as lists;
