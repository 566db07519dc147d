import { type DuckDBConnection, DuckDBInstance, type Json } from '@duckdb/node-api';
import type { AirbyteStream } from '../src/airbyte/protocol.ts';
import { DemoError } from './demo-error.ts';
import type { Cell } from './table.ts';

interface Property {
  type: string | string[];
  format?: string;
}

interface Column {
  name: string;
  type: string;
  /** The value in SQL, taken from `record`, which is the RECORD message's. */
  value: string;
}

/** What Airbyte's destinations add to each row: https://docs.airbyte.com/platform/understanding-airbyte/airbyte-metadata-fields */
const METADATA: readonly Column[] = [
  { name: '_airbyte_raw_id', type: 'VARCHAR', value: 'CAST(uuid() AS VARCHAR)' },
  {
    name: '_airbyte_extracted_at',
    type: 'TIMESTAMPTZ',
    value: "make_timestamptz(CAST(record->>'emitted_at' AS BIGINT) * 1000)",
  },
  {
    name: '_airbyte_meta',
    type: 'JSON',
    value: "json_object('sync_id', CAST($2 AS BIGINT), 'changes', coalesce(record->'meta'->'changes', '[]'))",
  },
  // Only a refresh would begin another generation.
  { name: '_airbyte_generation_id', type: 'BIGINT', value: '0' },
];

/** The columns and rows that a query answers. */
export interface Answer {
  columns: string[];
  rows: Cell[][];
}

/**
 * A DuckDB file with one table a stream, as a destination with deduplication makes it: typed by the stream's schema, one
 * row for each `uuid`, and Airbyte's metadata beside.
 */
export class Warehouse {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #loads = new Map<string, string>();

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(path: string): Promise<Warehouse> {
    const instance = await DuckDBInstance.create(path).catch((error: Error) => {
      throw new DemoError(`DuckDB cannot open ${path}: ${error.message.split('\n', 1)[0]}`);
    });
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new Warehouse(instance, connection);
  }

  /** Makes sure that the stream has its table and every column of it. Resolves to whether there was a table before. */
  async prepare({ name, json_schema }: Pick<AirbyteStream, 'name' | 'json_schema'>): Promise<boolean> {
    const existed = Number(await this.#value('SELECT count(*) FROM duckdb_tables() WHERE table_name = $1', [name])) > 0;
    const table = quote(name);
    const columns = [...METADATA, ...columnsOf(json_schema)];
    await this.#connection.run(`CREATE TABLE IF NOT EXISTS ${table} (uuid VARCHAR PRIMARY KEY)`);
    for (const { name: column, type } of columns) {
      await this.#connection.run(`ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${quote(column)} ${type}`);
    }
    this.#loads.set(name, loadStatement(table, columns));
    return existed;
  }

  /**
   * Loads all of the records or none; of those with one `uuid` the last one stays. The records are RECORD lines as they
   * came: parsed in JavaScript, a 64-bit integer would lose its last digits. `syncId` goes into their metadata.
   */
  async load(stream: string, records: readonly string[], syncId: number): Promise<void> {
    const statement = this.#loads.get(stream);
    if (statement === undefined) throw new DemoError(`The connector sent a record of an unknown stream: ${stream}`);
    await this.#connection.run(statement, [`[${records.join(',')}]`, syncId]);
  }

  async count(stream: string): Promise<number> {
    return Number(await this.#value(`SELECT count(*) FROM ${quote(stream)}`));
  }

  /** How many of these identifiers the table of the stream holds. */
  async countOf(stream: string, uuids: readonly unknown[]): Promise<number> {
    const listed = `SELECT unnest(from_json($1, '["VARCHAR"]'))`;
    const sql = `SELECT count(*) FROM ${quote(stream)} WHERE uuid IN (${listed})`;
    return Number(await this.#value(sql, [JSON.stringify(uuids)]));
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  async ask(sql: string): Promise<Answer> {
    const answer = await this.#connection.runAndReadAll(sql);
    return { columns: answer.columnNames(), rows: answer.getRowsJS() as Cell[][] };
  }

  /** Writes everything into the file and releases it. */
  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #value(sql: string, values: string[] = []): Promise<Json> {
    const [row] = (await this.#connection.runAndReadAll(sql, values)).getRowsJson();
    return row?.[0] ?? null;
  }
}

/** One statement is one transaction. The cast fails loudly where a value is not what the schema promised. */
function loadStatement(table: string, columns: readonly Column[]): string {
  return `
    INSERT OR REPLACE INTO ${table} (${columns.map(({ name }) => quote(name)).join(', ')})
    SELECT ${columns.map(({ value }) => value).join(', ')}
    FROM (
      SELECT unnest(items)->'record' AS record, generate_subscripts(items, 1) AS place
      FROM (SELECT from_json($1, '["JSON"]') AS items)
    )
    QUALIFY row_number() OVER (PARTITION BY record->'data'->>'uuid' ORDER BY place DESC) = 1`;
}

function columnsOf(jsonSchema: object): Column[] {
  const { properties = {} } = jsonSchema as { properties?: Record<string, Property> };
  return Object.entries(properties).map(([name, property]) => {
    const type = typeOf(property);
    const value =
      type === 'JSON'
        ? `nullif(record->'data'->'${name}', 'null'::JSON)`
        : `CAST(record->'data'->>'${name}' AS ${type})`;
    return { name, type, value };
  });
}

const TYPES: Record<string, string> = {
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  object: 'JSON',
  array: 'JSON',
};

function typeOf({ type, format }: Property): string {
  if (format === 'date-time') return 'TIMESTAMPTZ';
  const [jsonType = 'string'] = [type].flat().filter((name) => name !== 'null');
  return TYPES[jsonType] ?? 'VARCHAR';
}

function quote(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
