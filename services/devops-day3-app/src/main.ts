import { jsonLog } from './log.js';
import { startService } from './service.js';
import { readSettings, SettingsError } from './settings.js';

const log = jsonLog(
  (line) => process.stdout.write(line),
  () => new Date(),
);

try {
  const service = await startService(readSettings(process.env), log);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void service.end());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof SettingsError ? 2 : 1;
}
