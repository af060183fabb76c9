import { LockstepError, type Fault } from '../../contract';
import {
  duplicateFaults,
  natGatewayFaults,
  oidcProviderFaults,
  waitTimerFaults,
  zoneFaults,
} from './environment-rules';
import { parsePart, standsIn } from './faults';
import { nameFaults } from './name-faults';
import { judgeWorkload, parseWorkload } from './parse-workload';
import type { Environment, Platform } from './platform';
import type { PlatformProps } from './props';
import type { Harmless } from './repair';
import { environmentSchema, platformSchema } from './schema';
import { secretFaults } from './secret-faults';
import type { Workload } from './workload';

/** Platforms that went through the checks. */
const DEFINED = new WeakSet<object>();

/** True for what `definePlatform` returned; a platform put together by hand was never checked. */
export function isDefined(value: unknown): value is Platform {
  return typeof value === 'object' && value !== null && DEFINED.has(value);
}

// What stands in for faulty values while the rules judge the rest.
const HARMLESS_PLATFORM: Harmless = {
  name: 'x',
  region: 'us-east-1',
  'repository.owner': 'x',
  'repository.name': 'x',
};
const HARMLESS_ENVIRONMENT: Harmless = { account: '000000000000' };

/**
 * Checks the platform file and fills in its defaults.
 *
 * @throws LockstepError `InvalidConfiguration` with every fault at once
 */
export function definePlatform<const Env extends string>(props: PlatformProps<Env>): Platform {
  const faults: Fault[] = [];
  const top = parsePart(platformSchema, props, [], faults, HARMLESS_PLATFORM);
  const environments = partsOf(props, 'environments').map((value, index) =>
    resolveEnvironment(
      parsePart(environmentSchema, value, ['environments', index], faults, HARMLESS_ENVIRONMENT),
      top?.repository.defaultBranch,
    ),
  );
  const goodEnvironments = environments.filter((environment) => environment !== undefined);
  const imagesIn = goodEnvironments.find(({ name }) => name === top?.imagesIn) ?? goodEnvironments.at(-1);
  const defaults = {
    name: top?.name ?? '',
    region: top?.region ?? '',
    sharedAccount: imagesIn?.account ?? '',
    accounts: new Map(goodEnvironments.map(({ name, account }) => [name, account])),
  };
  const workloads = partsOf(props, 'workloads').map((value, index) =>
    parseWorkload(value, index, faults, defaults),
  );
  const goodWorkloads = workloads.filter((workload) => workload !== undefined);
  const form = [...faults];
  const rules = [
    ...duplicateFaults(namesOf(environments), (index) => `environments[${index}].name`, 'environment'),
    ...duplicateFaults(idsOf(workloads), (index) => `workloads[${index}].id`, 'workload'),
    ...secretFaults(goodWorkloads, (index) => `workloads[${workloads.indexOf(goodWorkloads[index])}]`),
    ...waitTimerFaults(goodEnvironments),
    ...natGatewayFaults(goodEnvironments),
    ...oidcProviderFaults(goodEnvironments),
    // Without a region of the platform, zones have nothing to be compared with.
    ...(regionIsGood(props)
      ? zoneFaults(
          goodEnvironments,
          goodWorkloads.filter(
            (workload) => !standsIn(`workloads[${workloads.indexOf(workload)}].region`, form),
          ),
        )
      : []),
    // An environment that is itself at fault must not make its workloads look wrong too.
    ...(goodEnvironments.length === environments.length
      ? workloads.flatMap((workload, index) =>
          workload
            ? judgeWorkload(workload, `workloads[${index}]`, goodEnvironments, top?.repository.defaultBranch)
            : [],
        )
      : []),
  ];
  faults.push(...rules.filter(({ place }) => !standsIn(place, form)));
  if (top?.imagesIn !== undefined && imagesIn?.name !== top.imagesIn) {
    faults.push({
      place: 'imagesIn',
      value: `"${top.imagesIn}"`,
      allowed: goodEnvironments.map(({ name }) => `"${name}"`).join(' or '),
      change: 'use a declared environment',
    });
  }
  if (top && (top.repository.ownerId === undefined) !== (top.repository.repositoryId === undefined)) {
    faults.push({
      place: 'repository',
      value:
        top.repository.ownerId === undefined
          ? 'repositoryId without ownerId'
          : 'ownerId without repositoryId',
      allowed: 'both ids or none',
      change: "add the other id: gh api repos/OWNER/NAME --jq '.id, .owner.id'",
    });
  }
  if (top && faults.length === 0 && imagesIn) {
    const { name, repository, trust } = top;
    const platform: Platform = {
      name,
      repository: { ...repository, defaultBranch: repository.defaultBranch ?? 'main' },
      region: top.region,
      environments: goodEnvironments,
      workloads: goodWorkloads,
      imageAccount: imagesIn.account,
      trust: {
        jobWorkflowRef: trust?.jobWorkflowRef ?? true,
        repositoryIds: trust?.repositoryIds ?? true,
        roles: trust?.roles ?? {},
      },
    };
    faults.push(...nameFaults(platform));
    if (faults.length === 0) {
      DEFINED.add(platform);
      return platform;
    }
  }
  throw new LockstepError('InvalidConfiguration', faults);
}

const regionIsGood = (props: unknown): boolean =>
  platformSchema.shape.region.safeParse((props as { region?: unknown } | undefined)?.region).success;

type ParsedEnvironment = ReturnType<typeof environmentSchema.parse>;

function resolveEnvironment(
  props: ParsedEnvironment | undefined,
  defaultBranch = 'main',
): Environment | undefined {
  if (!props) return undefined;
  return {
    name: props.name,
    account: props.account,
    reviewers: props.reviewers ?? [],
    waitMinutes: props.waitTimer?.toMinutes({ integral: false }) ?? 0,
    branches: props.deployFrom?.branches ?? [defaultBranch],
    tags: props.deployFrom?.tags ?? ['v*'],
    oidcProvider: props.oidcProvider ?? 'create',
    network: {
      cidr: props.network?.cidr ?? '10.0.0.0/16',
      natGateways: props.network?.natGateways ?? 1,
      ...(props.network?.availabilityZones && { availabilityZones: props.network.availabilityZones }),
    },
  };
}

/** A list of the props, also when the whole is malformed: its other faults are reported already. */
function partsOf(props: unknown, key: 'environments' | 'workloads'): readonly unknown[] {
  const list =
    typeof props === 'object' && props !== null ? (props as Record<string, unknown>)[key] : undefined;
  return Array.isArray(list) ? (list as unknown[]) : [];
}

// Places of parts that did not parse must not shift the index of the others.
const namesOf = (parts: readonly (Environment | undefined)[]): string[] =>
  parts.map((part, i) => part?.name ?? `#${i}`);
const idsOf = (parts: readonly (Workload | undefined)[]): string[] =>
  parts.map((part, i) => part?.id ?? `#${i}`);
