import type { EmulatedAws } from './aws/emulated-aws';
import type { VirtualClock } from './clock';
import type { preparationsFor } from './faults/place';
import type { RunRequest } from './github/run-request';
import type { ObjectVersionInput, Scenario, TargetVersionInput } from './scenarios/scenario';
import type { Shape } from './scenarios/shape';
import { rehearsalOf, type TargetScene } from './targets';

const OPEN = { opensAfterMinutes: 0 } as const;

/** The request, with what only the situation knows. */
export function requestIn(
  { request, versionInput }: Scenario,
  { stages }: Shape,
  { world }: EmulatedAws,
  clock: VirtualClock,
  gates: ReturnType<typeof preparationsFor>['gates'],
): RunRequest {
  const gate: Pick<RunRequest, 'gate'> =
    gates.size > 0 ? { gate: (environment) => gates.get(environment) ?? OPEN } : {};
  if (!versionInput) return { ...request, ...gate };
  const version =
    'key' in versionInput
      ? addressIn(world, versionInput)
      : versionIn({ stages }, { world, clock }, versionInput);
  return { ...request, ...gate, inputs: { ...request.inputs, [versionInput.input]: version } };
}

function versionIn(
  { stages }: Pick<Shape, 'stages'>,
  scene: Omit<TargetScene, 'target'>,
  { environment, version }: TargetVersionInput,
): string {
  const target = stages.find((stage) => stage.environment === environment)?.target;
  if (!target) return '';
  const [running = '', before = ''] = rehearsalOf(target).versions({ ...scene, target });
  return version === 'running' ? running : before;
}

function addressIn({ s3 }: EmulatedAws['world'], { bucket, key }: ObjectVersionInput): string {
  const newest = s3.state.buckets.get(bucket)?.objects.get(key)?.at(-1);
  return `s3://${bucket}/${key}?versionId=${newest?.versionId ?? 'none'}`;
}
