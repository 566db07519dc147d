/** Why 1Password's CLI has not answered. */
export interface Failure {
  /** `refused`: not to this person. `passing`: perhaps the next time. `final`: there is no point in asking again. */
  kind: 'refused' | 'passing' | 'final';
  /** What the CLI says. */
  words: string;
  /** What it means for the run, if that is its end. */
  sentence: string;
}

type Meaning = [pattern: RegExp, kind: Failure['kind'], sentence: string];

/** 1Password documents none of its texts: these are from recordings and reports. The first one that fits counts. */
const MEANINGS: readonly Meaning[] = [
  [
    /too many requests|rate.?limit|\b429\b/i,
    'passing',
    '1Password keeps answering Too many requests. Run this again in an hour.',
  ],
  // Before those of 1Password itself, which has other words for what it refuses.
  [
    /\bop: (command )?not found|\b(open|stat|lstat|mkdir|read|exec|fork\/exec) \S*[\\/]\S*: |no such file|config\w* (file|folder|dir)/i,
    'final',
    "1Password's CLI could not do its work on this machine. Run `op whoami` to see why.",
  ],
  [/\b(Get|Post|Put) "?https?:|proxy|\b407\b/i, 'passing', '1Password could not be reached. Run this again.'],
  [
    /no accounts? (found|configured)|isn't an account|add an account/i,
    'final',
    "1Password's CLI knows no such account. `op account list` lists those that it knows.",
  ],
  [
    /not (currently )?signed ?in|session|authoriz\w+ (prompt|timeout|denied)|unauthenticated|\b401\b|sign ?in/i,
    'final',
    "Nobody is signed in to 1Password's CLI, or no longer. Sign in as an owner (`op signin`), as a person and not by a token, and run this again.",
  ],
  [
    /\b50\d\b|network|timed? ?out|deadline|connection|connect to|dial |lookup |no such host|\bEOF\b|unreachable|temporar/i,
    'passing',
    '1Password could not be reached. Run this again.',
  ],
  [/isn't a (vault|group|user)|\b404\b|not found|(couldn't|could not) find|does(n't| not) exist/i, 'refused', ''],
  [/permission|privilege|forbidden|\b403\b|authori[sz]ed|not allowed|denied|(have|no) access/i, 'refused', ''],
];

/** Of what the CLI wrote on stderr the line with the error, in plain text. */
export function failureOf(stderr: string): Failure {
  const [, said] = /\[ERROR\](?: \S+ [\d:]+)? (.*)/.exec(stderr) ?? /^\s*(\S.*)/.exec(stderr) ?? [];
  const words = (said ?? 'it failed and gave no reason')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300);
  const meaning = MEANINGS.find(([pattern]) => pattern.test(words));
  if (meaning === undefined)
    return { kind: 'passing', words, sentence: `1Password's CLI fails again and again: ${words}` };
  const [, kind, sentence] = meaning;
  return { kind, words, sentence };
}
