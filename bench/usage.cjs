// Preloaded into a measured Node process: when it ends, it writes down what it has used.
const { readFileSync, writeFileSync } = require('node:fs');

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  writeFileSync(
    process.env.BENCH_USAGE,
    JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: (peakKb() ?? maxRSS) / 1024 }),
  );
});

// The peak that getrusage reports includes the parent's, from before the program was loaded; Linux knows it exactly.
function peakKb() {
  if (process.platform !== 'linux') return undefined;
  const match = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
  return match === null ? undefined : Number(match[1]);
}
