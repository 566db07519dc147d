import type { Evidence, QueryName } from '../evidence.ts';
import { type Html, html } from './html.ts';

/** The models that one of these queries lacks, because the dbt project does not build them. */
export function leftOutModels({ left_out }: Evidence['about'], queries: readonly QueryName[]): string[] {
  return [...new Set(queries.flatMap((query) => left_out?.[query] ?? []))].sort();
}

/** Whether the dbt project does not build what a query reads. */
export function isLeftOut({ left_out }: Evidence['about'], query: QueryName): boolean {
  return left_out !== undefined && query in left_out;
}

/** What stands in place of what these queries would show; undefined if the project builds all that they read. */
export function leftOut({ about }: Pick<Evidence, 'about'>, ...queries: readonly QueryName[]): Html | undefined {
  const models = leftOutModels(about, queries);
  return models.length === 0
    ? undefined
    : html`<p class="none">Left out: the dbt project does not build ${models.join(', ')}.</p>`;
}
