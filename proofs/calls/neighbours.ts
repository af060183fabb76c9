import type { DeployManifest, TargetEntry } from '../../contract';
import { callKey, type StepCall, stepCallsOf } from './call';
import { ecrImages } from './ecr-images';

/** A call that belongs to somebody else. */
export interface NeighbourCall {
  readonly call: StepCall;
  /** Such as `sibling workload kvs-infer-sibling`. */
  readonly whose: string;
}

/** What the calls of a platform are moved to. Built once. */
export interface Neighbourhood {
  readonly targets: ReadonlyMap<string, TargetEntry>;
  readonly workloads: readonly string[];
  readonly images: readonly string[];
  readonly environments: readonly { readonly name: string; readonly account: string }[];
}

const FOREIGN_ACCOUNT = '999999999999';
const FOREIGN_REGIONS = ['eu-central-1', 'us-west-2'] as const;

export function neighbourhood(manifest: DeployManifest): Neighbourhood {
  const { targets, workloads, environments } = manifest;
  return {
    targets: new Map(targets.map((target) => [`${target.workload} ${target.environment}`, target])),
    workloads: workloads.map(({ id }) => id),
    images: ecrImages(manifest).map(({ id }) => id),
    environments,
  };
}

/**
 * The same call on what belongs to a sibling workload or image, a sibling environment, another account and another
 * region. Names are replaced in the ARN, and in condition keys that hold ARNs or the tags of resources. Where a name does
 * not stand in the call, the call does not move.
 */
export function movedCalls(call: StepCall, around: Neighbourhood): readonly NeighbourCall[] {
  const { workload, environment, image } = call.subject;
  const moved: NeighbourCall[] = [];
  const move = (whose: string, change: (arn: string) => string): void => {
    const context = Object.fromEntries(
      Object.entries(call.context).map(([key, value]) => [
        key,
        isTag(key) ? change(value) : inArn(value, change),
      ]),
    );
    const next = { ...call, context, resource: inArn(call.resource, change) };
    if (callKey(next) !== callKey(call)) moved.push({ call: next, whose });
  };
  if (workload !== undefined) {
    const sibling = nextOf(around.workloads, workload);
    const siblings = [
      `${workload}-sibling`,
      `sibling-${workload}`,
      ...(sibling === undefined ? [] : [sibling]),
    ];
    for (const name of siblings) move(`sibling workload ${name}`, named(workload, name));
  }
  if (image !== undefined) {
    const others = around.images.filter((one) => one !== image);
    for (const name of [`${image}-sibling`, `sibling-${image}`, ...others]) {
      move(`sibling image ${name}`, named(image, name));
    }
  }
  if (environment !== undefined) {
    const index = around.environments.findIndex(({ name }) => name === environment);
    const sibling = around.environments[(index + 1) % around.environments.length];
    const rename = sibling && sibling.name !== environment ? sibling.name : `${environment}-sibling`;
    move(`environment ${rename} in the same account`, named(environment, rename));
    if (sibling && sibling.name !== environment) {
      move(`environment ${rename}`, (arn) => inAccount(sibling.account)(named(environment, rename)(arn)));
    }
  }
  move(`account ${FOREIGN_ACCOUNT}`, inAccount(FOREIGN_ACCOUNT));
  const [first, second] = FOREIGN_REGIONS;
  move('another region', (arn) => inRegion(arn.split(':')[3] === first ? second : first)(arn));
  return moved;
}

/** What real siblings of a target declare for the same action. */
export function realNeighbours(call: StepCall, around: Neighbourhood): readonly NeighbourCall[] {
  const { workload, environment } = call.subject;
  if (workload === undefined || environment === undefined) return [];
  const others = [
    around.targets.get(`${nextOf(around.workloads, workload) ?? ''} ${environment}`),
    ...around.environments
      .filter(({ name }) => name !== environment)
      .map(({ name }) => around.targets.get(`${workload} ${name}`)),
  ];
  return others.flatMap((target) => {
    if (!target) return [];
    const declared = [...Object.values(target.calls).flat(), ...(target.inspection?.calls ?? [])].filter(
      ({ action }) => action === call.action,
    );
    const distinct = new Map(stepCallsOf(declared, call.source, {}).map((each) => [callKey(each), each]));
    return [...distinct.values()].map((each) => ({
      call: each,
      whose: `${target.workload} in ${target.environment}`,
    }));
  });
}

function nextOf(list: readonly string[], item: string): string | undefined {
  const next = list[(list.indexOf(item) + 1) % list.length];
  return next === item ? undefined : next;
}

const RESOURCE = 5;

/** Keys by which a policy knows resources whose ARN nobody can tell beforehand. */
const isTag = (key: string): boolean => /^(?:aws|ec2|ssm):resourcetag\//i.test(key);

/** Changes a text that is an ARN and leaves every other one. */
const inArn = (text: string, change: (arn: string) => string): string =>
  text.startsWith('arn:') ? change(text) : text;

const named = (from: string, to: string) => (arn: string) => {
  if (!arn.startsWith('arn:')) return arn.replaceAll(from, to);
  const parts = arn.split(':');
  return [
    ...parts.slice(0, RESOURCE),
    ...parts.slice(RESOURCE).map((part) => part.replaceAll(from, to)),
  ].join(':');
};

const replaced = (index: number, value: string) => (arn: string) => {
  if (!arn.startsWith('arn:')) return arn;
  const parts = arn.split(':');
  return parts[index] === '' ? arn : parts.map((part, at) => (at === index ? value : part)).join(':');
};
const inAccount = (account: string) => replaced(4, account);
const inRegion = (region: string) => replaced(3, region);
