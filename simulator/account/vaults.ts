import type { Holdings } from './holdings.ts';
import type { Person } from './people.ts';

/** `A` manages a group, `R` is a plain member. */
export type Role = 'A' | 'R';

/** A team. */
export interface Group {
  readonly kind: 'group';
  readonly uuid: string;
  /** -Infinity if it is older than the log. */
  sinceMs: number;
  /** Infinity while it exists. */
  deletedMs: number;
  readonly members: Holdings<Person>;
  /** Every role that a person was given, the latest one last. */
  readonly roles: Map<Person, { readonly sinceMs: number; readonly role: Role }[]>;
}

/** A shared vault and who may open it. */
export interface Vault {
  readonly kind: 'vault';
  readonly uuid: string;
  sinceMs: number;
  deletedMs: number;
  readonly items: string[];
  readonly people: Holdings<Person>;
  readonly groups: Holdings<Group>;
}

/** Whether the vault or group was there then. */
export function exists({ sinceMs, deletedMs }: Vault | Group, atMs: number): boolean {
  return sinceMs <= atMs && atMs < deletedMs;
}

/** The role that a member of the group had then. */
export function roleAt({ roles }: Group, person: Person, atMs: number): Role | undefined {
  return roles.get(person)?.findLast(({ sinceMs }) => sinceMs <= atMs)?.role;
}
