import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ActionRun } from '../github/action-stand-in';

const configSchema = z.looseObject({
  auths: z.record(z.string(), z.looseObject({ auth: z.string().optional() })).optional(),
});

/**
 * What `docker login` keeps for a registry: user and password in Base64, as the header of HTTP Basic has them.
 *
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
export function loginOf(step: ActionRun, registry: string): string | undefined {
  return read(step).auths?.[registry]?.auth;
}

export function keepLogin(step: ActionRun, registry: string, auth: string): void {
  const config = read(step);
  write(step, { ...config, auths: { ...config.auths, [registry]: { auth } } });
}

export function forgetLogin(step: ActionRun, registry: string): void {
  const config = read(step);
  const auths = Object.entries(config.auths ?? {}).filter(([name]) => name !== registry);
  write(step, { ...config, auths: Object.fromEntries(auths) });
}

function folderOf({ env, temp }: ActionRun): string {
  return env.DOCKER_CONFIG || join(env.HOME || temp, '.docker');
}

function read(step: ActionRun): z.infer<typeof configSchema> {
  const file = join(folderOf(step), 'config.json');
  return existsSync(file) ? configSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
}

function write(step: ActionRun, config: z.infer<typeof configSchema>): void {
  mkdirSync(folderOf(step), { recursive: true });
  writeFileSync(join(folderOf(step), 'config.json'), JSON.stringify(config, null, 2), { mode: 0o600 });
}
