import { SizeRoundingBehavior } from 'aws-cdk-lib';
import type { z } from 'zod';
import { k3sAppNames } from '../../names';
import { FRACTIONS, type PlatformDefaults, resolveFields } from '../workload-fields';
import type { K3sApp, K3sAppEnvironment } from './k3s-app';
import { resolveMemory, resolveService } from './resolve-service';
import { folderOf, resolveServiceImage } from './resolve-service-image';
import { resolveStrategy } from './resolve-strategy';
import type { k3sAppSchema } from './schema';

type Parsed = z.infer<typeof k3sAppSchema>;

/** Unrounded, so that the rules can report fractions. */
const EXACT = { rounding: SizeRoundingBehavior.NONE } as const;

/** @see https://docs.k3s.io/release-notes/v1.35.X */
const K3S = { version: 'v1.35.8+k3s1' };

/** Fills in the defaults that the props document. */
export function resolveK3sApp(props: Parsed, platform: PlatformDefaults): K3sApp {
  const { tests, redis, rollout } = props;
  const services = props.services.map((service, index) =>
    resolveService(service, resolveServiceImage(props, service, `services[${index}]`, platform.name)),
  );
  return {
    kind: 'k3sApp',
    ...resolveFields(props, platform, {
      delivery: 'throughEnvironments',
      starts: props.deployOnPush === true ? 'onPush' : 'byHand',
      // A release is several images and the manifests that name them.
      rollbackByCommit: false,
    }),
    network: 'ofEnvironment',
    ...(tests && {
      tests: {
        language: 'go',
        go: tests.go,
        modules: tests.modules ?? [...new Set(props.services.map(folderOf))],
      },
    }),
    images: services.map(({ image }) => image),
    services,
    ...(redis && {
      redis: {
        memory: resolveMemory(redis.memory),
        storageGib: redis.storage.toGibibytes(EXACT),
        ...(redis.image !== undefined && { image: redis.image }),
      },
    }),
    environment: props.environment ?? {},
    rollout: { timeoutMinutes: rollout?.timeout?.toMinutes(FRACTIONS) ?? 30 },
    k3s: props.k3s ?? K3S,
    logRetentionDays: props.logRetention?.toDays(FRACTIONS) ?? 30,
    environments: props.environments.map((environment) =>
      resolveEnvironment(environment, {
        ...k3sAppNames(
          platform.name,
          props.id,
          environment.name,
          platform.accounts.get(environment.name) ?? '',
        ),
        ...environment.names,
      }),
    ),
  };
}

const resolveEnvironment = (
  environment: Parsed['environments'][number],
  names: K3sAppEnvironment['names'],
): K3sAppEnvironment => ({
  name: environment.name,
  names,
  instanceType: environment.instanceType ?? 't3.small',
  dataVolumeGib: environment.dataVolume?.toGibibytes(EXACT) ?? 20,
  keepSnapshots: environment.keepSnapshots ?? 7,
  keepBackupsDays: environment.keepBackups?.toDays(FRACTIONS) ?? 30,
  strategy: resolveStrategy(environment.update),
  replicas: environment.replicas ?? {},
  inboundCidrs: environment.inbound?.cidrs ?? [],
});
