/** The inputs of the dbt package that a baseline fills, with their columns: a contract with the package. */
const INPUTS = {
  baselines: {
    description: 'The lists that were taken, a row for each time.',
    columns: {
      as_of: 'When the first list was asked for. Everything that was listed counts as true then.',
      finished_at: 'When the last list had been read.',
      account_uuid: 'The account.',
      taken_by_uuid: 'The person who was signed in: the lists hold what this person may see.',
      taken_by_email: "That person's address.",
      tool: 'The name and version of what made the lists, and of the CLI that it asked.',
      members_count: 'The rows of this time in onepassword_baseline_members.',
      groups_count: 'The rows of this time in onepassword_baseline_groups.',
      group_members_count: 'The rows of this time in onepassword_baseline_group_members.',
      vaults_count: 'The rows of this time in onepassword_baseline_vaults.',
      vault_access_count: 'The rows of this time in onepassword_baseline_vault_access.',
    },
  },
  baseline_members: {
    description: 'Who belonged to the account.',
    columns: {
      user_uuid: 'The person or service account.',
      email: 'The address.',
      name: 'The name.',
      kind: "`person`, `guest`, `service account`, or another of 1Password's words.",
      status: "`active`, `suspended`, `removed`, or another of 1Password's words in small letters.",
      as_of: 'The time of the list.',
    },
  },
  baseline_groups: {
    description: 'The groups whose members were read whole. Of another group the lists say nothing.',
    columns: { group_uuid: 'The group.', name: 'The name.', as_of: 'The time of the list.' },
  },
  baseline_group_members: {
    description: 'Who was in which group.',
    columns: {
      group_uuid: 'The group.',
      user_uuid: 'The person or service account, whether or not onepassword_baseline_members has it.',
      role: '`member` or `manager`.',
      as_of: 'The time of the list.',
    },
  },
  baseline_vaults: {
    description: 'The vaults whose access was read whole. Of another vault the lists say nothing.',
    columns: { vault_uuid: 'The vault.', name: 'The name.', as_of: 'The time of the list.' },
  },
  baseline_vault_access: {
    description: 'Who held which vault directly.',
    columns: {
      vault_uuid: 'The vault.',
      grantee_type: '`user` or `group`.',
      grantee_uuid: 'The person, service account or group.',
      permissions:
        "1Password's names, separated by commas. `none`: the list of them was empty. Empty: 1Password did not tell them. (A seed cannot tell an empty text from none.)",
      as_of: 'The time of the list.',
    },
  },
} as const satisfies Record<string, { description: string; columns: Readonly<Record<string, string>> }>;

export type InputName = keyof typeof INPUTS;

export const INPUT_NAMES = Object.keys(INPUTS) as InputName[];

/** A row of an input: all of its columns. */
export type InputRow<Name extends InputName = InputName> = {
  readonly [Column in keyof (typeof INPUTS)[Name]['columns']]: string | number | null;
};

export function seedOf(input: InputName): string {
  return `onepassword_${input}`;
}

export function columnsOf(input: InputName): string[] {
  return Object.keys(INPUTS[input].columns);
}

/** The properties of the seeds: without them dbt would guess types from the rows. */
export function seedProperties(): string {
  const quoted = (text: string): string => JSON.stringify(text);
  return `# Rewritten on every run of 1password-evidence baseline. Put your own settings in dbt_project.yml.
# The seeds hold what 1Password said, and are not meant for a spreadsheet: it may take a name for a formula.
version: 2

seeds:
${INPUT_NAMES.map((input) => {
  const columns = Object.entries(INPUTS[input].columns);
  return `  - name: ${seedOf(input)}
    description: ${quoted(INPUTS[input].description)}
    config:
      column_types:
${columns.map(([column]) => `        ${column}: ${TEXT_TYPE}\n`).join('')}    columns:
${columns.map(([column, description]) => `      - name: ${column}\n        description: ${quoted(description)}\n`).join('')}`;
}).join('\n')}`;
}

const TEXT_TYPE = `"{{ 'string' if target.type == 'bigquery' else 'text' }}"`;
