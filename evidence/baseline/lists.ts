import { pMapIterable } from 'p-map';
import { EvidenceError } from '../evidence-error.ts';
import type { InputName, InputRow } from './inputs.ts';
import { type Op, type Question, RefusedError } from './op.ts';

/** How many answers are waited for at the same time. */
const AT_ONCE = 4;

/** The person as whom the CLI asks. */
export interface Viewer {
  accountUuid: string;
  userUuid: string;
  email: string | null;
}

/** A group or vault of which one list was refused, and so of which the baseline says nothing. */
export interface Refusal {
  what: 'group' | 'vault';
  id: string;
  name: string | null;
}

/** Rows of one input, in the order in which they are to be written. */
export type Rows = { [Name in InputName]: { input: Name; rows: readonly InputRow<Name>[] } }[InputName];

/** What the lists say beside their rows; whole once they have been read. */
export interface Reading {
  rows: AsyncIterable<Rows>;
  refusals: readonly Refusal[];
  /** Whether the viewer is in a group that is named Owners. */
  isOwner: () => boolean;
}

interface Progress {
  /** How many answers are waited for in all. */
  expect(answers: number): void;
  add(answers: number): void;
}

/** A row of one of the CLI's lists. It has more, and may have less, than is asked of it. */
type Entry = { readonly id: string } & Readonly<Record<string, unknown>>;

/** Who is signed in. Throws an EvidenceError for a service account: it sees but a part. */
export async function readViewer(op: Op): Promise<Viewer> {
  const answer = await op.ask('whoami');
  const { account_uuid, user_uuid, email, user_type } = (answer ?? {}) as Record<string, unknown>;
  if (typeof account_uuid !== 'string' || typeof user_uuid !== 'string') throw unknownForm('whoami');
  if (user_type === 'SERVICE_ACCOUNT') {
    throw new EvidenceError(
      "1Password's CLI is signed in as a service account, which sees only part of the account. Sign in as an owner.",
    );
  }
  return { accountUuid: account_uuid, userUuid: user_uuid, email: textOf(email) };
}

/** How the account is called. */
export async function readAccount(op: Op): Promise<{ name: string; domain: string | null }> {
  const answer = (await op.ask('account get')) as Record<string, unknown> | null;
  if (typeof answer?.['id'] !== 'string') throw unknownForm('account get');
  return { name: textOf(answer['name']) ?? answer['id'], domain: textOf(answer['domain']) };
}

/** Reads every list, group by group and vault by vault. */
export function readLists(op: Op, viewer: Viewer, as_of: string, progress: Progress): Reading {
  const refusals: Refusal[] = [];
  let lastRefusal = '';
  let isOwner = false;

  async function list(question: Question, id?: string): Promise<Entry[]> {
    return entriesOf(await op.ask(question, id), question);
  }

  /** Its rows, or none if 1Password refuses one of its lists. */
  async function whole<T>(what: Refusal['what'], { id, name }: Entry, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      lastRefusal = error.message;
      refusals.push({ what, id, name: textOf(name) });
      return undefined;
    } finally {
      progress.add(what === 'group' ? 1 : 2);
    }
  }

  /** Words that this tool takes for a refusal may be of something else, which hits all of them. And such lists say nothing. */
  function assertNotAllRefused(what: Refusal['what'], all: readonly Entry[]): void {
    const refused = refusals.filter((refusal) => refusal.what === what).length;
    if (refused === 0 || refused < all.length) return;
    throw new EvidenceError(`The lists of every ${what} were refused. The last time: ${lastRefusal}`);
  }

  async function* rows(): AsyncGenerator<Rows> {
    const [people, groups, open, managed] = await Promise.all([
      list('user list'),
      list('group list'),
      list('vault list'),
      list('vault list --permission manage_vault'),
    ]);
    const vaults = [...new Map([...managed, ...open].map((vault) => [vault.id, vault])).values()];
    progress.expect(groups.length + 2 * vaults.length);
    yield { input: 'baseline_members', rows: people.map((person) => ({ ...memberOf(person), as_of })) };

    const memberLists = pMapIterable(
      groups,
      async (group) => ({ group, members: await whole('group', group, () => list('group user list', group.id)) }),
      { concurrency: AT_ONCE },
    );
    for await (const { group, members } of memberLists) {
      if (members === undefined) continue;
      const group_uuid = group.id;
      if (group['name'] === 'Owners') isOwner ||= members.some(({ id }) => sameId(id, viewer.userUuid));
      yield { input: 'baseline_groups', rows: [{ group_uuid, name: textOf(group['name']), as_of }] };
      yield {
        input: 'baseline_group_members',
        rows: members.map(({ id, role }) => ({ group_uuid, user_uuid: id, role: wordOf(role), as_of })),
      };
    }

    assertNotAllRefused('group', groups);

    const accessLists = pMapIterable(
      vaults,
      async (vault) => ({
        vault,
        access: await whole('vault', vault, async () => ({
          people: await list('vault user list', vault.id),
          groups: await list('vault group list', vault.id),
        })),
      }),
      { concurrency: AT_ONCE },
    );
    for await (const { vault, access } of accessLists) {
      if (access === undefined) continue;
      const vault_uuid = vault.id;
      const granted = (grantee_type: 'user' | 'group') => (grant: Entry) => ({
        ...{ vault_uuid, grantee_type, grantee_uuid: grant.id, permissions: permissionsOf(grant), as_of },
      });
      yield { input: 'baseline_vaults', rows: [{ vault_uuid, name: textOf(vault['name']), as_of }] };
      yield {
        input: 'baseline_vault_access',
        rows: [...access.people.map(granted('user')), ...access.groups.map(granted('group'))],
      };
    }
    assertNotAllRefused('vault', vaults);
  }

  return { rows: rows(), refusals, isOwner: () => isOwner };
}

/** 1Password's identifiers are told in capitals here and in small letters there. */
export function sameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** A list without entries is told as `null`. An entry that comes twice counts once. */
function entriesOf(answer: unknown, question: Question): Entry[] {
  if (answer === null) return [];
  if (!Array.isArray(answer) || !answer.every(isEntry)) throw unknownForm(question);
  return [...new Map(answer.map((entry) => [entry.id, entry])).values()];
}

/** An identifier becomes a word on a command line, where it must not be taken for a flag. */
function isEntry(entry: unknown): entry is Entry {
  const { id } = (entry ?? {}) as Record<string, unknown>;
  return typeof id === 'string' && /^[A-Za-z0-9][\w-]*$/.test(id);
}

/** Kinds and states that nobody has met yet are kept as they are. */
function memberOf({ id, email, name, type, state }: Entry) {
  const [kind, status] = [wordOf(type), wordOf(state)];
  return {
    user_uuid: id,
    email: textOf(email),
    name: textOf(name),
    kind: kind === 'member' ? 'person' : kind,
    status: status === 'deleted' ? 'removed' : status,
  };
}

/** A seed cannot tell an empty text from none, so an empty list of permissions has a word. */
function permissionsOf({ permissions }: Entry): string | null {
  if (!Array.isArray(permissions)) return null;
  return permissions.length === 0 ? 'none' : permissions.join();
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** `SERVICE_ACCOUNT` as `service account`. */
function wordOf(value: unknown): string | null {
  return textOf(value)?.toLowerCase().replaceAll('_', ' ') ?? null;
}

function unknownForm(question: Question): EvidenceError {
  return new EvidenceError(
    `op ${question} answered in a form that is not known. Does --op or the PATH point to 1Password's CLI?`,
  );
}
