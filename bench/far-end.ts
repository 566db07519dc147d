import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FastApiCounts, FastApiSettings } from './fast-api.ts';

/** The fast API in a process of its own, so that it costs the measured program no time. */
export class FarEnd {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(): Promise<FarEnd> {
    const child = fork(join(__dirname, 'fast-api.js'));
    const [url] = (await once(child, 'message')) as [string];
    return new FarEnd(child, url);
  }

  /** What is served from now on; the counts begin anew. */
  async set(settings: FastApiSettings): Promise<void> {
    this.#child.send(settings);
    await once(this.#child, 'message');
  }

  async counts(): Promise<FastApiCounts> {
    this.#child.send('counts');
    const [counts] = (await once(this.#child, 'message')) as [FastApiCounts];
    return counts;
  }

  stop(): void {
    this.#child.kill();
  }
}
