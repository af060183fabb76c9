// Loaded into measured processes with --import: leaves the peak of resident memory behind, in KiB.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

process.on('exit', () => {
  const folder = process.env.BENCH_PEAK_MEMORY;
  if (folder) writeFileSync(join(folder, String(process.pid)), String(process.resourceUsage().maxRSS));
});
