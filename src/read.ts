import type { ConfiguredStream, StreamRecord } from './airbyte/protocol.ts';
import type { Runtime, StreamPage, StreamReader } from './airbyte/source.ts';
import type { Config } from './config.ts';
import type { EventPage, EventsApiClient, PageStart, RequestCosts } from './events-api/client.ts';
import { eventsPath } from './events-api/cursor-endpoint.ts';
import { toRfc3339 } from './events-api/date-time.ts';
import { type ApiError, isApiError } from './events-api/errors.ts';
import type { Introspection } from './events-api/introspection.ts';
import { RETENTION_DAYS } from './events-api/limits.ts';
import { notGranted, refusedStream } from './failures.ts';
import { fetchGrants, type Grants, isUnavailable, mayRead } from './grants.ts';
import { StreamProgress } from './progress.ts';
import { RecordMapper } from './records.ts';
import { planResume, planStartOver } from './resume.ts';
import { Checkpoint, parseStreamState } from './state.ts';
import { findStream, type StreamDefinition } from './streams.ts';
import { adviseOfExpiry } from './token-advice.ts';

/** Asks 1Password what the token may read, logs what the user should know, and returns the reader of the streams. */
export async function openRead(
  client: EventsApiClient,
  config: Config,
  runtime: Runtime,
  configured: readonly ConfiguredStream[],
): Promise<StreamReader> {
  const expiry = adviseOfExpiry(config.claims, runtime.now());
  if (expiry !== undefined) runtime.log('WARN', expiry);
  warnOfFullRefresh(configured, runtime);

  const grants = await fetchGrants(client, config.claims, runtime.log);
  const run = new ReadRun(client, config, runtime, grants);
  return (stream) => run.read(stream);
}

function warnOfFullRefresh(configured: readonly ConfiguredStream[], runtime: Runtime): void {
  const names = configured.filter(({ syncMode }) => syncMode === 'full_refresh').map(({ name }) => name);
  if (names.length === 0) return;
  runtime.log(
    'WARN',
    `Full refresh of ${names.join(', ')}: a destination that overwrites keeps only the last ${RETENTION_DAYS} days, ` +
      'and 1Password cannot serve the rest again. Use Incremental | Append + Deduped.',
  );
}

/** What the streams of one run share. */
class ReadRun {
  readonly #client: EventsApiClient;
  readonly #config: Config;
  readonly #runtime: Runtime;
  readonly #grants: Grants;
  #introspection: Promise<Introspection> | undefined;

  constructor(client: EventsApiClient, config: Config, runtime: Runtime, grants: Grants) {
    this.#client = client;
    this.#config = config;
    this.#runtime = runtime;
    this.#grants = grants;
  }

  /** Reads one stream from its saved state to the present. */
  async *read({ name, syncMode, state }: ConfiguredStream): AsyncGenerator<StreamPage> {
    const stream = findStream(name);
    if (!mayRead(this.#grants, stream.feature)) {
      const error = notGranted(stream);
      this.#runtime.log('WARN', error.message);
      throw error;
    }

    const saved = parseStreamState(name, state);
    const { accountUuid } = this.#grants;
    const plan = planResume(saved, { ...this.#config, syncMode, accountUuid }, this.#runtime.now());
    const progress = new StreamProgress(name, this.#runtime);
    const mapper = new RecordMapper(stream, (message) => this.#runtime.log('WARN', message), accountUuid);
    this.#warnAll(name, plan.warnings);
    progress.started(plan.description);

    // If introspection does not return the account, a saved cursor still belongs to the account that it belonged to.
    const account = accountUuid ?? ('cursor' in plan.start ? saved.account_uuid : undefined);
    const checkpoint = new Checkpoint(plan.start, (cursor) => ({
      ...(cursor !== undefined && { cursor }),
      read_at: toRfc3339(this.#runtime.now()),
      api_version: this.#config.apiVersion,
      ...(account !== undefined && { account_uuid: account }),
    }));

    // Mapped while they are written: a list of them would keep the whole page in memory until the next one comes.
    function* toRecords({ items, mayHoldUnportableText }: EventPage): Generator<StreamRecord> {
      for (const item of items) {
        const record = mapper.map(item, mayHoldUnportableText);
        progress.addRecord(record);
        yield record;
      }
    }
    for await (const page of this.#pages(stream, plan.start, checkpoint, progress.costs)) {
      yield { records: toRecords(page), state: checkpoint.after(page) };
      progress.addPage();
    }
    progress.finished();
  }

  /** The pages from `start`; from the start date if the API no longer accepts the saved cursor. */
  async *#pages(
    stream: StreamDefinition,
    start: PageStart,
    checkpoint: Checkpoint,
    costs: RequestCosts,
  ): AsyncGenerator<EventPage> {
    try {
      yield* this.#client.pages(eventsPath(this.#config.apiVersion, stream.feature), start, costs);
    } catch (error) {
      if (isApiError(error, 'unauthorized', 'forbidden')) throw await this.#explainRefusal(stream, error);
      if (!isApiError(error, 'cursor_refused')) throw error;

      const plan = planStartOver('1Password does not accept the saved cursor', this.#config.startDateMs);
      this.#warnAll(stream.name, plan.warnings);
      checkpoint.startOver();
      yield* this.#pages(stream, plan.start, checkpoint, costs);
    }
  }

  /**
   * A stream that was granted is refused. Introspection tells whether the token is rejected as a whole, which ends the
   * run, or lacks this event type by now. If it fails in passing the next run may know more, so that failure is thrown.
   */
  async #explainRefusal(stream: StreamDefinition, refusal: ApiError): Promise<unknown> {
    // Streams that are refused at the same time share one request.
    this.#introspection ??= this.#client.introspect();
    try {
      const { features } = await this.#introspection;
      if (features?.includes(stream.feature) === false) return notGranted(stream);
    } catch (error) {
      if (!isUnavailable(error)) return error;
    } finally {
      this.#introspection = undefined;
    }
    // An `unauthorized` error would report that the whole token is rejected.
    return refusal.kind === 'unauthorized' ? refusedStream(stream) : refusal;
  }

  #warnAll(stream: string, warnings: readonly string[]): void {
    for (const warning of warnings) this.#runtime.log('WARN', `${stream}: ${warning}`);
  }
}
