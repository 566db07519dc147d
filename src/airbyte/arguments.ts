import { parseArgs } from 'node:util';
import { ConnectorError } from './errors.ts';

/** A parsed command line. */
export type Command =
  | { name: 'spec' }
  | { name: 'check' | 'discover'; config: string }
  | { name: 'read'; config: string; catalog: string; state: string | undefined };

const COMMANDS = ['spec', 'check', 'discover', 'read'] as const;

/** The last three are options of Airbyte's Python CDK. They are accepted and have no effect. */
const OPTIONS = {
  config: { type: 'string' },
  catalog: { type: 'string' },
  state: { type: 'string' },
  debug: { type: 'boolean' },
  'manifest-path': { type: 'string' },
  'components-path': { type: 'string' },
} as const;

/** Parses what follows the program's name. Unknown flags are ignored; throws a config_error if no command remains. */
export function parseCommand(argv: readonly string[]): Command {
  const { values, tokens } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const words = tokens.flatMap((token, index) => {
    // What follows an unknown flag is its value, unless it is a command.
    const isValue =
      isUnknownFlag(tokens[index - 1]) && !(COMMANDS as readonly string[]).includes(argv[token.index] ?? '');
    return token.kind === 'positional' && !isValue ? [token.value] : [];
  });
  const name = COMMANDS.find((command) => command === words[0]);
  if (name === undefined || words.length > 1) {
    throw new ConnectorError('config_error', `Expected one command: ${COMMANDS.join(', ')}.`);
  }

  function path(flag: 'config' | 'catalog'): string {
    const value = values[flag];
    if (typeof value === 'string' && value !== '') return value;
    throw new ConnectorError('config_error', `The command ${name} needs a file: --${flag} FILE.`);
  }

  if (name === 'spec') return { name };
  if (name !== 'read') return { name, config: path('config') };
  const { state } = values;
  if (state === true || state === '') throw new ConnectorError('config_error', 'The flag --state needs a file.');
  return {
    name,
    config: path('config'),
    catalog: path('catalog'),
    state: typeof state === 'string' ? state : undefined,
  };
}

function isUnknownFlag(token: { kind: string; name?: string; value?: unknown } | undefined): boolean {
  return token?.kind === 'option' && !((token.name ?? '') in OPTIONS) && token.value === undefined;
}
