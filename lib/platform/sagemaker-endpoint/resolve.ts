import type { z } from 'zod';
import type { UpdatePolicy } from '../../../constructs/sagemaker-endpoint';
import { modelBucketName, sagemakerEndpointNames } from '../../names';
import { FRACTIONS, type PlatformDefaults, resolveFields, resolveOneImage } from '../workload-fields';
import type { SagemakerEndpointEnvironment, SagemakerEndpointWorkload } from './sagemaker-endpoint';
import type { sagemakerEndpointSchema } from './schema';

type Parsed = z.infer<typeof sagemakerEndpointSchema>;
type ParsedEnvironment = Parsed['environments'][number];

/** Fills in the defaults that the props document. */
export function resolveSagemakerEndpoint(
  props: Parsed,
  platform: PlatformDefaults,
): SagemakerEndpointWorkload {
  const { model, verification, rollout } = props;
  return {
    kind: 'sagemakerEndpoint',
    ...resolveFields(props, platform, {
      delivery: 'byPromotion',
      starts: 'onPush',
      rollbackByCommit: false,
    }),
    ...resolveOneImage(props, platform),
    network: 'none',
    models: {
      bucket: model?.bucket ?? modelBucketName(platform.name, props.id, platform.sharedAccount),
      ...(model?.initial !== undefined && { initial: model.initial }),
    },
    verification: {
      payload: verification.payload,
      schema: verification.schema,
      contentType: verification.contentType ?? 'application/json',
      accept: verification.accept ?? 'application/json',
      latencyBudgetMs: verification.latencyBudget.toMilliseconds(FRACTIONS),
      calls: verification.calls ?? 5,
    },
    rollout: { timeoutMinutes: rollout?.timeout?.toMinutes(FRACTIONS) ?? 45 },
    keepVersions: props.keepVersions ?? 5,
    environments: props.environments.map((environment) =>
      environmentOf(environment, {
        ...sagemakerEndpointNames(platform.name, props.id, environment.name),
        ...environment.names,
      }),
    ),
  };
}

function environmentOf(
  { name, instanceType, instances, update, dataCapture, alarms, invocationsPerInstance }: ParsedEnvironment,
  names: SagemakerEndpointEnvironment['names'],
): SagemakerEndpointEnvironment {
  return {
    name,
    names,
    instanceType,
    instances: { initial: instances.initial ?? instances.min, min: instances.min, max: instances.max },
    update: policyOf(update, instances.min),
    ...(dataCapture && { dataCapture }),
    alarms: alarms ?? [],
    invocationsPerInstance: invocationsPerInstance ?? 1_000,
  };
}

function policyOf(update: ParsedEnvironment['update'], fewestInstances: number): UpdatePolicy {
  const times = {
    waitSeconds: update.wait?.toSeconds(FRACTIONS) ?? 300,
    maximumExecutionSeconds: update.maximumExecution?.toSeconds(FRACTIONS) ?? 1_800,
  };
  if (update.strategy === 'rolling') {
    return {
      strategy: 'Rolling',
      ...times,
      batchPercent: update.batchPercent ?? 50,
      rollbackBatchPercent: update.rollbackBatchPercent ?? 100,
    };
  }
  const blueGreen = { ...times, terminationWaitSeconds: update.terminationWait?.toSeconds(FRACTIONS) ?? 0 };
  switch (update.strategy) {
    case 'allAtOnce':
      return { strategy: 'AllAtOnce', ...blueGreen };
    case 'canary':
      return {
        strategy: 'Canary',
        ...blueGreen,
        canaryPercent: update.canaryPercent ?? Math.ceil(100 / Math.max(2, fewestInstances)),
      };
    case 'linear':
      return { strategy: 'Linear', ...blueGreen, stepPercent: update.stepPercent ?? 50 };
  }
}
