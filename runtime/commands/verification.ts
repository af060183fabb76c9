import type { Check, DeployContext, Version } from '../../contract/deployer';
import { LockstepError } from '../../contract/errors';
import type { DeployerFor } from './verbs';

const VERIFY_WITHIN_MS = 2 * 60_000;
const VERIFY_EVERY_MS = 10_000;

/** Looks again for up to two minutes: health and counts settle some seconds after a deployment has ended. */
export async function verifyUntilGood(
  deployer: DeployerFor<'verify'>,
  version: Version,
  context: DeployContext,
): Promise<readonly Check[]> {
  const deadline = context.clock.now() + VERIFY_WITHIN_MS;
  for (;;) {
    const checks = await deployer.verify(version, context);
    const open = failedOf(checks);
    if (open.length === 0 || context.clock.now() >= deadline || context.signal.aborted) return checks;
    context.emit({ code: 'verify.waiting', level: 'progress', message: `not yet: ${sentenceOf(open)}` });
    await context.clock.sleep(VERIFY_EVERY_MS, context.signal);
  }
}

/** The error of checks of which some failed; undefined when all passed. */
export function verificationFailure(checks: readonly Check[], name: string): LockstepError | undefined {
  const failed = failedOf(checks);
  if (failed.length === 0) return undefined;
  return new LockstepError(
    'VerificationFailed',
    failed.map((check) => ({
      place: `${name}, ${check.name}`,
      value: check.detail,
      allowed: 'what was deployed, healthy',
      change: check.change ?? 'run `diagnose` for what AWS knows about the cause',
    })),
  );
}

export const failedOf = (checks: readonly Check[]): readonly Check[] =>
  checks.filter(({ passed }) => !passed);

export const sentenceOf = (checks: readonly Check[]): string =>
  checks.map(({ name, detail }) => `${name} (${detail})`).join('; ');
