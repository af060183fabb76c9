import { SizeRoundingBehavior } from 'aws-cdk-lib';
import type { ServiceStrategy } from '../../../constructs/ecs-service';
import { LONGEST_DEPLOY_MINUTES } from '../../../contract';
import { ecsServiceNames } from '../../names';
import { FRACTIONS, type KindDelivery } from '../workload-fields';
import type { EcsContainer, EcsRollout, EcsServiceEnvironment, EcsVerification } from './ecs-service';
import type { ParsedContainer, ParsedEcsService, ParsedEnvironment, ParsedRollout } from './schema';
import { waitingMinutes } from './shift';

/** How services on ECS are delivered, unless they say otherwise. */
export const ECS_DELIVERY: KindDelivery = {
  delivery: 'throughEnvironments',
  starts: 'onPush',
  // Their history and their task definitions tell which image each version ran.
  rollbackByCommit: true,
};

export function resolveContainer(id: string, container: ParsedContainer): EcsContainer {
  const { port, cpu, memory, environment, health } = container;
  return {
    name: container.name ?? id,
    port,
    cpu,
    memoryMib: Math.floor(memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE })),
    environment: environment ?? {},
    health: {
      path: health.path,
      command:
        health.command ??
        `curl --fail --silent --show-error http://localhost:${port}${health.path} || exit 1`,
      intervalSeconds: health.interval?.toSeconds(FRACTIONS) ?? 15,
      timeoutSeconds: health.timeout?.toSeconds(FRACTIONS) ?? 5,
      retries: health.retries ?? 3,
      startPeriodSeconds: health.startPeriod?.toSeconds(FRACTIONS) ?? 120,
    },
  };
}

/** @param strategy that of the workload */
export function resolveEnvironment(
  platform: string,
  workload: string,
  strategy: ServiceStrategy | undefined,
  { name, names, tasks, loadBalancer, ...own }: ParsedEnvironment,
): EcsServiceEnvironment {
  return {
    name,
    names: { ...ecsServiceNames(platform, workload, name), ...names },
    strategy: own.strategy ?? strategy ?? 'rolling',
    tasks: { desired: tasks.desired, min: tasks.min ?? tasks.desired, max: tasks.max ?? tasks.desired },
    loadBalancer: {
      scheme: loadBalancer?.scheme ?? 'internal',
      ...(loadBalancer?.certificateArn && { certificateArn: loadBalancer.certificateArn }),
    },
  };
}

/** Minutes of a deployment besides the waits of its strategy. */
const DEADLINE = 30;

/** @param environments all of them have one deadline */
export function resolveRollout(
  rollout: ParsedRollout | undefined,
  environments: readonly Pick<EcsServiceEnvironment, 'strategy'>[],
): EcsRollout {
  const waits = {
    bakeMinutes: rollout?.bake?.toMinutes(FRACTIONS) ?? 5,
    canary: {
      percent: rollout?.canary?.percent ?? 10,
      waitMinutes: rollout?.canary?.wait?.toMinutes(FRACTIONS) ?? 10,
    },
    linear: {
      percent: rollout?.linear?.percent ?? 20,
      waitMinutes: rollout?.linear?.wait?.toMinutes(FRACTIONS) ?? 3,
    },
  };
  const longest = Math.max(0, ...environments.map(({ strategy }) => waitingMinutes(strategy, waits)));
  return {
    minimumHealthyPercent: rollout?.minimumHealthyPercent ?? 100,
    maximumPercent: rollout?.maximumPercent ?? 200,
    timeoutMinutes:
      rollout?.timeout?.toMinutes(FRACTIONS) ?? Math.min(DEADLINE + longest, LONGEST_DEPLOY_MINUTES),
    ...waits,
  };
}

/** What belongs to the service as a whole. */
export function resolveEcsService(
  { verification, logRetention }: ParsedEcsService,
  healthPath: string,
): { readonly verification?: EcsVerification; readonly logRetentionDays: number } {
  return {
    ...(verification && {
      verification: {
        path: verification.path ?? healthPath,
        status: verification.status ?? 200,
        latencyBudgetMs: verification.latencyBudget?.toMilliseconds(FRACTIONS) ?? 1_000,
      },
    }),
    logRetentionDays: logRetention?.toDays(FRACTIONS) ?? 30,
  };
}
