import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of the nursery: room for a page to come and go without being copied. */
const NURSERY_BYTES = 16 * 1024 * 1024;

/**
 * Keeps memory flat while page after page comes and goes. Left alone, V8 takes that for a reason to grow: the nursery
 * to 34 MB (134 MB on Node 24), and what lies beside it to four times of what is in use before it is collected.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=100');
  // The size of the nursery can be set only when a process starts; in one that runs, only its growth can be ended.
  const observer = new PerformanceObserver(() => {
    const nursery = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    if (nursery === undefined || nursery.space_size < NURSERY_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}
