/** How this `op` differs from one that answers everything at once to an owner. Every one of them was reported of the real one, or may happen. */
export interface OpOptions {
  /** Default 2.30.0. */
  version?: string;
  /** Who is signed in: one of the owners, or somebody who may read the lists of what they manage alone. Default `owner`. */
  viewer?: 'owner' | 'member';
  /** A group without members is told as `null` rather than `[]`. Default true, as it was seen. */
  emptyAsNull?: boolean;
  /** Nobody's permissions are told; those of service accounts never are. Default false. */
  withoutPermissions?: boolean;
  /** The people and groups that may manage vaults and not view what is in them. Default: none. */
  manageOnly?: readonly string[];
  /** `user list` leaves out service accounts. Default false. */
  hidesServiceAccounts?: boolean;
  /** The group Recovery is there, without a member, and is listed with every vault. Default false. */
  recoveryGroup?: boolean;
  /** The group Owners is there. Default false. */
  ownersGroup?: boolean;
  /** The vaults that owners do not manage. Default: none. */
  unmanaged?: readonly string[];
  /** The groups and vaults whose lists are refused. Default: none. */
  refused?: readonly string[];
  /** How a list is refused. Default `unknown`, the same words as for a thing that is not there. */
  refusal?: 'unknown' | 'forbidden';
  /** The first so many requests fail with these words. Default: none does. */
  trouble?: { times: number; words: string };
  /** Nobody is signed in any more after so many requests. Default Infinity. */
  sessionEndsAfter?: number;
  /** The commands that answer with a web page, `user list` for instance. Default: none. */
  notJson?: readonly string[];
  /** The commands that never answer. Default: none. */
  hangs?: readonly string[];
  /** Before each answer. Default 0. */
  latencyMs?: number;
}

/** Options with every default filled in; `sessionEndsAfter` is null where JSON has no Infinity. */
export type OpSettings = Required<Omit<OpOptions, 'trouble' | 'sessionEndsAfter'>> & {
  trouble: { times: number; words: string };
  sessionEndsAfter: number | null;
};

export function opSettingsOf(options: OpOptions): OpSettings {
  return {
    version: '2.30.0',
    viewer: 'owner',
    emptyAsNull: true,
    withoutPermissions: false,
    manageOnly: [],
    hidesServiceAccounts: false,
    recoveryGroup: false,
    ownersGroup: false,
    unmanaged: [],
    refused: [],
    refusal: 'unknown',
    trouble: { times: 0, words: '' },
    sessionEndsAfter: null,
    notJson: [],
    hangs: [],
    latencyMs: 0,
    ...options,
  };
}
