import { LockstepError, type Fault } from '../../contract';
import { nameFaults } from '../names';
import { parsePart } from './faults';
import { resolveGpuService } from './gpu-service';
import type { Environment, GpuService, Platform } from './platform';
import type { PlatformProps } from './props';
import { duplicateFaults, gpuServiceFaults, oidcProviderFaults, waitTimerFaults, zoneFaults } from './rules';
import { environmentSchema, gpuServiceSchema, platformSchema } from './schema';

/**
 * Checks the platform file and fills in its defaults.
 *
 * @throws LockstepError `InvalidConfiguration` with every fault at once
 */
export function definePlatform<const Env extends string>(props: PlatformProps<Env>): Platform {
  const faults: Fault[] = [];
  const top = parsePart(platformSchema, props, [], faults);
  const environments = partsOf(props, 'environments').map((value, index) =>
    resolveEnvironment(
      parsePart(environmentSchema, value, ['environments', index], faults),
      top?.repository.defaultBranch,
    ),
  );
  const services = partsOf(props, 'workloads').map((value, index) => {
    const parsed = parsePart(gpuServiceSchema, value, ['workloads', index], faults);
    return parsed && resolveGpuService(parsed, top?.region ?? 'us-east-1');
  });
  const goodEnvironments = environments.filter((environment) => environment !== undefined);
  const goodServices = services.filter((service) => service !== undefined);
  faults.push(
    ...duplicateFaults(namesOf(environments), (index) => `environments[${index}].name`, 'environment'),
    ...duplicateFaults(idsOf(services), (index) => `workloads[${index}].id`, 'workload'),
    ...waitTimerFaults(goodEnvironments),
    ...oidcProviderFaults(goodEnvironments),
    ...zoneFaults(goodEnvironments, goodServices),
    // An environment that is itself at fault must not make its workloads look wrong too.
    ...(goodEnvironments.length === environments.length
      ? services.flatMap((service, index) =>
          service ? gpuServiceFaults(service, `workloads[${index}]`, goodEnvironments) : [],
        )
      : []),
  );
  const imagesIn = goodEnvironments.find(({ name }) => name === top?.imagesIn) ?? goodEnvironments.at(-1);
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
      workloads: goodServices,
      imageAccount: imagesIn.account,
      trust: {
        jobWorkflowRef: trust?.jobWorkflowRef ?? true,
        repositoryIds: trust?.repositoryIds ?? true,
        roles: trust?.roles ?? {},
      },
    };
    faults.push(...nameFaults(platform));
    if (faults.length === 0) return platform;
  }
  throw new LockstepError('InvalidConfiguration', faults);
}

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
const idsOf = (parts: readonly (GpuService | undefined)[]): string[] =>
  parts.map((part, i) => part?.id ?? `#${i}`);
