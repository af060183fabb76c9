import {
  type DeployContext,
  type DeployOutcome,
  type DeployReceipt,
  ImageReference,
  type Version,
} from '../../../contract';
import type { NodeAccess } from './access';
import { begin, type Begun } from './deploy';
import { readRelease } from './manifests';
import { followToEnd, type RunEnd, sentenceOf, type SentRun } from './run';
import { takeOver } from './strategy';
import { failed } from './undo';

/** Follows this deployment to its end: first on the node, then by the strategy, which gives it the traffic. */
export async function waitFor(
  access: NodeAccess,
  begun: Begun,
  receipt: DeployReceipt,
  context: DeployContext,
): Promise<DeployOutcome> {
  const { version, previous, deployment } = receipt;
  if (deployment === undefined) return { result: 'succeeded', version };
  const sent = begun.get(version.name) ?? (await beginAgain(access, version, context));
  begun.delete(version.name);
  if (sent === undefined) {
    return failed('superseded', `the manifests here make another release than ${version.name}`);
  }
  const { end } = await followToEnd(access, sent, context, () => Promise.resolve());
  if (end.result !== 'done') return outcomeOf(end);
  // The same release once more has the traffic already.
  const outcome =
    previous?.name === version.name ? undefined : await takeOver(access, version, previous, context);
  if (outcome) return outcome;
  context.emit({
    code: 'deployment.succeeded',
    level: 'success',
    message: `${version.name} serves`,
    data: { release: version.name },
  });
  return { result: 'succeeded', version };
}

/** The node may be at work on it: then the same order waits for its end there, and finds nothing left to do. */
async function beginAgain(
  access: NodeAccess,
  { name, images = [] }: Version,
  context: DeployContext,
): Promise<SentRun | undefined> {
  const references = images.map((image) => ImageReference.parse(image, `image of ${name}`));
  const release = await readRelease(access.spec, references);
  return release.name === name ? begin(access, release, context) : undefined;
}

const REASONS = {
  failed: 'failed',
  unreachable: 'failed',
  timedOut: 'timedOut',
  cancelled: 'stopped',
  left: 'superseded',
} as const;

const outcomeOf = (end: Exclude<RunEnd, { result: 'done' }>): DeployOutcome =>
  failed(REASONS[end.result], sentenceOf(end));
