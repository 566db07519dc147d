import { printTable } from './table.ts';
import type { Warehouse } from './warehouse.ts';

/** A question to the loaded tables. It stays in the file as a view, so that it can be asked again. */
interface Question {
  title: string;
  view: string;
  sql: string;
}

const SHOWN = 6;

const QUESTIONS: readonly Question[] = [
  {
    title: 'Who was given access to which vault',
    view: 'vault_access_given',
    sql: `
      SELECT strftime(timestamp, '%Y-%m-%d %H:%M') AS "when (UTC)",
             CASE object_type WHEN 'gva' THEN 'group ' || aux_uuid
                              ELSE coalesce(aux_details->>'name', aux_uuid) END AS "given to",
             object_uuid AS vault,
             coalesce(actor_details->>'name', actor_uuid) AS "given by"
      FROM audit_events
      WHERE object_type IN ('uva', 'gva') AND action = 'grant'
      ORDER BY timestamp DESC`,
  },
  {
    title: 'Who joined or left which group',
    view: 'group_changes',
    sql: `
      SELECT strftime(timestamp, '%Y-%m-%d %H:%M') AS "when (UTC)",
             coalesce(aux_details->>'name', aux_uuid) AS person,
             CASE action WHEN 'join' THEN 'joined' ELSE 'left' END AS change,
             object_uuid AS "group",
             coalesce(actor_details->>'name', actor_uuid) AS "changed by"
      FROM audit_events
      WHERE object_type = 'gm' AND action IN ('join', 'leave')
      ORDER BY timestamp DESC`,
  },
  {
    title: 'Failed sign-ins by country',
    view: 'failed_sign_ins_by_country',
    // A country is told as a code or as a name; attempts that have one of each tell which belong together.
    sql: `
      WITH codes AS (
        SELECT location->>'country' AS country, any_value(country) AS code
        FROM sign_in_attempts
        WHERE country SIMILAR TO '[A-Z]{2}' AND length(location->>'country') > 2
        GROUP BY ALL
      )
      SELECT coalesce(code, nullif(country, ''), 'unknown') AS country,
             count(*) AS failures,
             count(DISTINCT target_user->>'uuid') AS people,
             mode(type) AS "most often",
             strftime(max(timestamp), '%Y-%m-%d %H:%M') AS "last (UTC)"
      FROM sign_in_attempts LEFT JOIN codes USING (country)
      WHERE category LIKE '%failed'
      GROUP BY ALL
      ORDER BY failures DESC, 1`,
  },
  {
    title: 'The most revealed items',
    view: 'most_revealed_items',
    sql: `
      SELECT item_uuid AS item,
             vault_uuid AS vault,
             count(*) AS reveals,
             count(DISTINCT "user"->>'uuid') AS people,
             strftime(max(timestamp), '%Y-%m-%d %H:%M') AS "last (UTC)"
      FROM item_usages
      WHERE action = 'reveal'
      GROUP BY ALL
      ORDER BY reveals DESC, people DESC, item`,
  },
  {
    title: 'Administrative changes',
    view: 'administrative_changes',
    sql: `
      WITH meanings (object_type, action, meaning) AS (
        VALUES ('account', 'updatfw', 'firewall rules changed'),
               ('account', 'enblmfa', 'second factor required'),
               ('account', 'updatmfa', 'second factor rules changed'),
               ('account', 'disblmfa', 'second factor no longer required'),
               ('account', 'enblduo', 'Duo switched on'),
               ('account', 'updatduo', 'Duo settings changed'),
               ('account', 'disblduo', 'Duo switched off'),
               ('account', 'vrfydmn', 'domain verified'),
               ('account', 'uisas', 'item sharing settings changed'),
               ('account', 'changenm', 'account renamed'),
               ('account', 'update', 'account settings changed'),
               ('sso', 'enblsso', 'single sign-on switched on'),
               ('sso', 'disblsso', 'single sign-on switched off'),
               ('sso', 'chngpsso', 'single sign-on settings changed'),
               ('sso', 'chngasso', 'single sign-on settings changed'),
               ('sso', 'chngdsso', 'single sign-on settings changed'),
               ('sso', 'addgsso', 'group added to single sign-on'),
               ('sso', 'delgsso', 'group removed from single sign-on'),
               ('sa', 'create', 'service account made'),
               ('satoken', 'create', 'token issued'),
               ('satoken', 'trename', 'token renamed'),
               ('satoken', 'tverify', 'token signature registered'),
               ('satoken', 'trevoke', 'token revoked'),
               ('group', 'create', 'group made'),
               ('group', 'delete', 'group deleted')
      )
      SELECT strftime(timestamp, '%Y-%m-%d %H:%M') AS "when (UTC)",
             coalesce(meaning, object_type || ' ' || action) AS change,
             coalesce(actor_details->>'name', actor_uuid) AS "by",
             session->>'ip' AS "from"
      FROM audit_events LEFT JOIN meanings USING (object_type, action)
      WHERE object_type IN ('account', 'sso', 'group', 'sa', 'satoken', 'template', 'slackapp', 'mngdacc', 'sub', 'card', 'pm')
      ORDER BY timestamp DESC`,
  },
];

/** Asks every question and prints the first rows of each answer. */
export async function printEvidence(warehouse: Warehouse): Promise<void> {
  for (const { title, view, sql } of QUESTIONS) {
    await warehouse.run(`CREATE OR REPLACE VIEW ${view} AS ${sql}`);
    const total = await warehouse.count(view);
    console.log(`\n${title}`);
    if (total === 0) {
      console.log('  Nothing of the kind is in the loaded events.');
      continue;
    }
    const { columns, rows } = await warehouse.ask(`FROM ${view} LIMIT ${SHOWN}`);
    printTable(columns, rows);
    console.log(
      total > SHOWN ? `  ${SHOWN} of ${total.toLocaleString('en-US')}; all: FROM ${view};` : `  all: FROM ${view};`,
    );
  }
}
