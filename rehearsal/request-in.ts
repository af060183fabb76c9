import type { WorkloadEntry } from '../contract';
import type { EmulatedAws } from './aws/emulated-aws';
import { slackWebhook } from './channels';
import type { VirtualClock } from './clock';
import type { preparationsFor } from './faults/place';
import type { RunRequest } from './github/run-request';
import { githubApiUrl } from './github-api';
import type { ObjectVersionInput, Scenario, TargetVersionInput } from './scenarios/scenario';
import type { Shape } from './scenarios/shape';
import { rehearsalOf, type TargetScene } from './targets';

const OPEN = { opensAfterMinutes: 0 } as const;

/** Where a run happens. */
export interface RunPlace {
  readonly aws: Pick<EmulatedAws, 'world'>;
  readonly clock: VirtualClock;
  /** Base URL of everything that the run can reach. */
  readonly endpoint: string;
  /** True where the run goes on from where another scenario branched off. */
  readonly goesOn: boolean;
}

/** The request, with what only the situation knows. */
export function requestIn(
  { request: planned, versionInput }: Scenario,
  { stages, workload }: Shape,
  { aws: { world }, clock, endpoint, goesOn }: RunPlace,
  gates: ReturnType<typeof preparationsFor>['gates'],
): RunRequest {
  const gate: Pick<RunRequest, 'gate'> =
    gates.size > 0 ? { gate: (environment) => gates.get(environment) ?? OPEN } : {};
  const { github } = world;
  const wanted = Number(planned.runId);
  const request: RunRequest = {
    ...planned,
    runId: String(goesOn ? (github.currentId() ?? wanted) : github.nextId(wanted)),
    apiUrl: githubApiUrl(endpoint),
    ...(workload && { environmentSecrets: withWebhooks(planned, workload, endpoint) }),
  };
  if (!versionInput) return { ...request, ...gate };
  const version =
    'key' in versionInput
      ? addressIn(world, versionInput)
      : versionIn({ stages }, { world, clock }, versionInput);
  return { ...request, ...gate, inputs: { ...request.inputs, [versionInput.input]: version } };
}

/** Webhooks of Slack are addresses, which only the run knows. */
function withWebhooks(
  { environmentSecrets = {} }: RunRequest,
  { notices }: WorkloadEntry,
  endpoint: string,
): NonNullable<RunRequest['environmentSecrets']> {
  const webhooks = notices.flatMap((notice) => (notice.channel === 'slack' ? [notice.secret] : []));
  return Object.fromEntries(
    Object.entries(environmentSecrets).map(([environment, secrets]) => [
      environment,
      Object.fromEntries(
        Object.entries(secrets).map(([name, value]) => [
          name,
          webhooks.includes(name) ? slackWebhook(endpoint, value) : value,
        ]),
      ),
    ]),
  );
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
