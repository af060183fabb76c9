import { ApiFault, limited, page, stringOf, stringsOf } from '../../service';
import { hasEnded, rollBack, STOPPED_BY_USER } from '../deployments';
import { describedBrief, describedDeployment, describedRevision } from '../describe-service';
import { activeServiceIn } from '../lookup';
import type { Moment } from '../moment';
import { deploymentArn, revisionArn } from '../names';
import { onPartsOfService, onServices } from '../questions';
import type { DeploymentState, ServiceState } from '../state';
import { type MomentOf, operations, PAGED } from './operation';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html */
const DESCRIBED_AT_ONCE = 20;
const LIST_PAGE = 100;
/** 90 days. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html */
const KEPT_MS = 90 * 86_400_000;

export const serviceDeploymentOperations = (moment: MomentOf) =>
  operations(moment, {
    ListServiceDeployments: {
      ask: onServices('ecs:ListServiceDeployments', 'service'),
      members: ['cluster', 'service', 'status', ...PAGED],
      handle: (now, input, call) => {
        const service = activeServiceIn(now, input, call);
        const wanted = input.status === undefined ? undefined : stringsOf(input, 'status');
        const matching = listed(now, service).filter(({ status }) => wanted?.includes(status) ?? true);
        const { items, ...token } = page(input, matching, LIST_PAGE);
        return { ...token, serviceDeployments: items.map((each) => describedBrief(service, each)) };
      },
    },
    DescribeServiceDeployments: {
      ask: onPartsOfService('ecs:DescribeServiceDeployments', 'serviceDeploymentArns'),
      members: ['serviceDeploymentArns'],
      handle: (now, input) => {
        const arns = limited(input, 'serviceDeploymentArns', DESCRIBED_AT_ONCE);
        const found = arns.map((arn) => ({ arn, each: findDeployment(now, arn) }));
        return {
          serviceDeployments: found.flatMap(({ each }) =>
            each ? [describedDeployment(now, each.service, each.deployment)] : [],
          ),
          failures: missing(found),
        };
      },
    },
    DescribeServiceRevisions: {
      ask: onPartsOfService('ecs:DescribeServiceRevisions', 'serviceRevisionArns'),
      members: ['serviceRevisionArns'],
      handle: ({ state }, input) => {
        const all = state.services.flatMap((service) =>
          Object.keys(service.revisions).map((id) => ({ service, id, arn: revisionArn(service, id) })),
        );
        const arns = limited(input, 'serviceRevisionArns', DESCRIBED_AT_ONCE);
        const found = arns.map((arn) => ({ arn, each: all.find((known) => known.arn === arn) }));
        return {
          serviceRevisions: found.flatMap(({ each }) =>
            each ? [describedRevision(each.service, each.id)] : [],
          ),
          failures: missing(found),
        };
      },
    },
    StopServiceDeployment: {
      ask: onPartsOfService('ecs:StopServiceDeployment', 'serviceDeploymentArn'),
      members: ['serviceDeploymentArn', 'stopType'],
      handle: (now, input) => {
        const arn = stringOf(input, 'serviceDeploymentArn');
        const found = findDeployment(now, arn);
        if (!found) {
          throw new ApiFault('ServiceDeploymentNotFoundException', 'Service deployment not found.');
        }
        const { service, deployment } = found;
        if (hasEnded(deployment)) throw new ApiFault('ConflictException', 'The deployment has ended.');
        stop(now, service, deployment, input.stopType);
        return { serviceDeploymentArn: arn };
      },
    },
  });

/**
 * A deployment that is on its way back, or is being stopped, goes on with that.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 */
function stop(moment: Moment, service: ServiceState, deployment: DeploymentState, type: unknown): void {
  if (deployment.rollback || deployment.status === 'STOP_REQUESTED') return;
  if (type === 'ABORT' && deployment.shift) {
    const what = 'ABORT of a deployment that shifts traffic';
    throw new ApiFault('NotImplemented', `the rehearsal does not model ${what}`, 501);
  }
  if (type === 'ABORT') deployment.status = 'STOP_REQUESTED';
  else rollBack(moment, service, deployment, STOPPED_BY_USER);
}

/** Deployments that ECS lists by now, and still. */
function listed({ state, now }: Moment, service: ServiceState): readonly DeploymentState[] {
  const latest = now - state.timing.listedAfter * 1_000;
  return service.deployments.filter(({ createdAt }) => createdAt <= latest && now - createdAt < KEPT_MS);
}

function findDeployment({ state }: Moment, arn: string) {
  return state.services
    .flatMap((service) => service.deployments.map((deployment) => ({ service, deployment })))
    .find(({ service, deployment }) => deploymentArn(service, deployment) === arn);
}

const missing = (found: readonly { readonly arn: string; readonly each: unknown }[]): readonly object[] =>
  found.filter(({ each }) => each === undefined).map(({ arn }) => ({ arn, reason: 'MISSING' }));
