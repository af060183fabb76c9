// Loaded into measured processes with --import: leaves the peak of resident memory (KiB) and the CPU time
// of all threads (microseconds) behind.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

process.on('exit', () => {
  const folder = process.env.BENCH_USAGE;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const usage = { peakKib: maxRSS, cpuMicroseconds: userCPUTime + systemCPUTime };
  if (folder) writeFileSync(join(folder, String(process.pid)), JSON.stringify(usage));
});
