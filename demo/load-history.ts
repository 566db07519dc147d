import { existsSync } from 'node:fs';
import type { History } from '../simulator/account/history.ts';
import { streams } from '../src/streams.ts';
import { Warehouse } from './warehouse.ts';

const BATCH = 5_000;

/** Loads what had arrived by the end of a history into a new DuckDB file: one table a stream, with Airbyte's metadata columns. */
export async function loadHistory({ records, truth }: History, file: string): Promise<void> {
  if (existsSync(file)) throw new Error(`--to needs a new file, and this one exists: ${file}`);
  const untilMs = Date.parse(truth.until ?? '');
  const warehouse = await Warehouse.open(file);
  try {
    for (const { name, jsonSchema } of streams) {
      await warehouse.prepare({ name, json_schema: jsonSchema });
      const lines = (records[name] ?? [])
        .filter(({ emitted_at }) => emitted_at <= untilMs)
        .map((record) => JSON.stringify({ record: { stream: name, ...record } }));
      for (let start = 0; start < lines.length; start += BATCH) {
        await warehouse.load(name, lines.slice(start, start + BATCH), start / BATCH + 1);
      }
    }
  } finally {
    warehouse.close();
  }
}
