import { readSettings } from './settings.js';

/** Asks the service of this container whether it lives; the exit code is the answer. */
const { port } = readSettings(process.env);
const { ok } = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(3000) });
process.exitCode = ok ? 0 : 1;
