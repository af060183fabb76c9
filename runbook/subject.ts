import {
  type DeployManifest,
  type EnvironmentEntry,
  type GpuCheckEntry,
  type ImageEntry,
  LockstepError,
  type Pipeline,
  type RoleEntry,
  type SecretEntry,
  type TargetEntry,
  type WorkloadEntry,
  workflowPath,
} from '../contract';
import type { PipelinePlan } from '../workflows';
import { type KindNotes, kindNotes } from './kinds';
import type { RunbookSource, RunbookStack } from './source';
import { resourcesOf } from './template';

/** A target with the environment that it is in. */
export interface Place {
  readonly target: TargetEntry;
  readonly environment: EnvironmentEntry;
}

/** Everything that the runbook of one workload speaks of. */
export interface Subject {
  readonly manifest: DeployManifest;
  readonly workload: WorkloadEntry;
  /** In the order of delivery. */
  readonly places: readonly Place[];
  /** The last environment: what people ask about at night. */
  readonly last: Place;
  readonly images: readonly ImageEntry[];
  readonly gpuChecks: readonly GpuCheckEntry[];
  /** Workflows of this workload. */
  readonly plans: readonly PipelinePlan[];
  /** Workflows of the whole repository. */
  readonly commonPlans: readonly PipelinePlan[];
  /** Roles that jobs of the workload's workflows assume. */
  readonly roles: readonly RoleEntry[];
  readonly secrets: readonly SecretEntry[];
  /** Stacks that the workload needs, each after those that it depends on. */
  readonly stacks: readonly RunbookStack[];
  readonly kind: KindNotes;
}

/** @throws LockstepError `DanglingReference` when the manifest does not hang together */
export function subjectOf(source: RunbookSource, workload: WorkloadEntry): Subject {
  const { manifest } = source;
  const places = workload.environments.map((name): Place => ({
    target: found(
      manifest.targets.find((each) => each.workload === workload.id && each.environment === name),
      `target of ${workload.id} in ${name}`,
    ),
    environment: found(
      manifest.environments.find((each) => each.name === name),
      `environment ${name}`,
    ),
  }));
  const last = found(places.at(-1), `target of ${workload.id}`);
  const plans = source.plans.filter(({ file }) => filesOf(workload).includes(file));
  const ofWorkloads = manifest.workloads.flatMap(filesOf);
  const used = new Set(plans.flatMap(({ jobs }) => jobs.flatMap(({ role }) => (role ? [role.id] : []))));
  const subject = {
    manifest,
    workload,
    places,
    last,
    images: manifest.images.filter(({ id }) => workload.images.includes(id)),
    gpuChecks: manifest.gpuChecks.filter((check) => check.workload === workload.id),
    plans,
    commonPlans: source.plans.filter(({ file }) => !ofWorkloads.includes(file)),
    roles: manifest.roles.filter(({ id }) => used.has(id)),
    secrets: manifest.secrets.flatMap((secret) => readSecret(secret, plans)),
    kind: kindNotes(last.target),
  };
  return { ...subject, stacks: stacksOf(source.stacks, subject) };
}

/** Every file that a workload can have. */
function filesOf({ id, environments }: WorkloadEntry): readonly string[] {
  const pipelines: readonly Pipeline[] = [
    'ci',
    'deploy',
    'rollback',
    'gpu-compatibility',
    ...environments.flatMap((name): Pipeline[] => [`cd-${name}`, `promote-${name}`]),
  ];
  return pipelines.map((pipeline) => workflowPath(id, pipeline));
}

/** The secret in those of its environments in which jobs of the plans read it: other workloads may read it elsewhere. */
function readSecret(secret: SecretEntry, plans: readonly PipelinePlan[]): readonly SecretEntry[] {
  const reference = new RegExp(`secrets\\.${secret.name}\\b`);
  const readers = plans.flatMap(({ jobs }) => jobs.filter((job) => reference.test(JSON.stringify(job))));
  if (secret.environments.length === 0) return readers.length === 0 ? [] : [secret];
  const environments = secret.environments.filter((name) =>
    readers.some(({ environment }) => environment === name),
  );
  return environments.length === 0 ? [] : [{ ...secret, environments }];
}

/** Stacks that hold something of the workload, with all that these depend on. */
function stacksOf(
  stacks: readonly RunbookStack[],
  { workload, places, images, roles, gpuChecks }: Omit<Subject, 'stacks'>,
): readonly RunbookStack[] {
  const entries = [...places.map(({ target }) => target), ...images, ...roles, ...gpuChecks];
  const wanted = new Set(entries.map(({ constructPath }) => constructPath.split('/')[0] ?? ''));
  for (const stack of stacks) if (holdsBucket(stack, workload.models?.bucket)) wanted.add(stack.name);
  for (const stack of [...stacks].reverse())
    if (wanted.has(stack.name)) for (const name of stack.dependsOn) wanted.add(name);
  return stacks.filter(({ name }) => wanted.has(name));
}

const holdsBucket = ({ template }: RunbookStack, bucket: string | undefined): boolean =>
  bucket !== undefined &&
  resourcesOf(template).some(
    ({ type, properties }) => type === 'AWS::S3::Bucket' && properties.BucketName === bucket,
  );

function found<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new LockstepError('DanglingReference', {
    place: 'the manifest',
    value: `no ${what}`,
    allowed: 'entries for every workload and environment',
    change: 'run `npx projen` to write the manifest anew',
  });
}
