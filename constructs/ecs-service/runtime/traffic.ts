import type { ServiceDeploymentLifecycleStage } from '@aws-sdk/client-ecs';
import type { DeployEvent } from '../../../contract';
import { lastPart } from '../../aws-client';
import { shiftsTraffic } from './deployment-configuration';
import { type DeploymentRecord, isGoingBack, type TrafficShare } from './service-deployments';

/**
 * What is true in each stage.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html (lifecycleStage)
 */
const STAGES: Readonly<Record<ServiceDeploymentLifecycleStage, string>> = {
  RECONCILE_SERVICE: 'ECS ends what earlier deployments have left',
  PRE_SCALE_UP: 'the new tasks have yet to start',
  SCALE_UP: 'the new tasks start',
  POST_SCALE_UP: 'the new tasks run, without traffic',
  TEST_TRAFFIC_SHIFT: 'the test listener moves to the new tasks',
  POST_TEST_TRAFFIC_SHIFT: 'the test listener leads to the new tasks, which hooks may judge',
  PRODUCTION_TRAFFIC_SHIFT: 'the traffic of clients moves to the new tasks',
  POST_PRODUCTION_TRAFFIC_SHIFT: 'all traffic of clients goes to the new tasks',
  BAKE_TIME: 'all traffic goes to the new tasks; the old ones stay until the bake is over',
  CLEAN_UP: 'the old tasks stop',
};
const MEANINGS: ReadonlyMap<string, string> = new Map(Object.entries(STAGES));

/** The stage and the shares that are new since the look before. A rolling update has neither. */
export function trafficEvents(
  before: DeploymentRecord | undefined,
  now: DeploymentRecord,
): readonly DeployEvent[] {
  if (!shiftsTraffic(now.strategy)) return [];
  return [...stageEvent(before, now), ...sharesEvent(before, now)];
}

function stageEvent(before: DeploymentRecord | undefined, now: DeploymentRecord): readonly DeployEvent[] {
  const { stage } = now;
  if (stage === undefined || stage === before?.stage) return [];
  const name = stage.toLowerCase().replaceAll('_', ' ');
  const meaning = MEANINGS.get(stage);
  const message = isGoingBack(now) || meaning === undefined ? `stage ${name}` : `stage ${name}: ${meaning}`;
  return [
    {
      code: 'deployment.stage',
      level: 'info',
      message: isGoingBack(now) ? `going back, ${message}` : message,
      data: { deployment: now.arn, stage },
    },
  ];
}

function sharesEvent(before: DeploymentRecord | undefined, now: DeploymentRecord): readonly DeployEvent[] {
  // Before its first look, a reader takes it that the new tasks have no traffic.
  const known = before?.target ?? { production: 0, test: 0 };
  const { target, sources } = now;
  if (target === undefined || (target.production === known.production && target.test === known.test)) {
    return [];
  }
  return [
    {
      code: 'deployment.traffic',
      level: 'info',
      message: `traffic: ${sharesSentence(target, sources)}`,
      data: {
        deployment: now.arn,
        ...shareData(target),
        before: sources.map(shareData),
      },
    },
  ];
}

/** Such as `10 % to app:3, 90 % to app:2; test traffic: 100 % to app:3`. */
export function sharesSentence(target: TrafficShare, sources: readonly TrafficShare[]): string {
  const all = [target, ...sources];
  const production = sharesOf(all, ({ production: share }) => share);
  const test = sharesOf(all, ({ test: share }) => share);
  return [production || 'none', ...(test === '' ? [] : [`test traffic: ${test}`])].join('; ');
}

const sharesOf = (all: readonly TrafficShare[], share: (of: TrafficShare) => number): string =>
  all
    .filter((each) => share(each) > 0)
    .map((each) => `${share(each)} % to ${nameOf(each)}`)
    .join(', ');

const shareData = (share: TrafficShare): Readonly<Record<string, unknown>> => ({
  version: nameOf(share),
  production: share.production,
  test: share.test,
});

const nameOf = ({ taskDefinition }: TrafficShare): string =>
  taskDefinition === undefined ? 'an unknown version' : lastPart(taskDefinition);
