import { readFileSync } from 'node:fs';
import type { AccountOptions } from './account/simulated-account.ts';
import { optionNames, type SimulatorOptions } from './options.ts';

/** What a file may hold: the manners of the API, and of the account behind it. */
export type AllOptions = SimulatorOptions & AccountOptions;

const ACCOUNT_OPTIONS: readonly (keyof AccountOptions)[] = ['people', 'accessLog'];

/**
 * The options in a JSON file: an object of them, or one that holds them as its `simulator`, such as a report of the probe.
 * Throws an error with a sentence if they cannot be used.
 */
export function readOptions(file: string): AllOptions {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new Error(`${file} cannot be read, or is no JSON.`);
  }
  const options = isObject(found) && 'simulator' in found ? found['simulator'] : found;
  if (!isObject(options)) throw new Error(`${file} holds no object of options.`);
  const unknown = Object.keys(options).filter((name) => ![...optionNames, ...ACCOUNT_OPTIONS].includes(name));
  if (unknown.length > 0) throw new Error(`${file} has options that the simulator lacks: ${unknown.join(', ')}.`);
  return options;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
