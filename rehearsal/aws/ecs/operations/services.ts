import { ApiFault, limited, page, stringOf } from '../../service';
import { configure } from '../configuration';
import { startDeployment, targetOf } from '../deployments';
import { describedService } from '../describe-service';
import { activeDefinitionIn, activeServiceIn, clusterIn, findService } from '../lookup';
import { ecsArn, lastPart } from '../names';
import { clusterName, onServices, onUpdate } from '../questions';
import { type MomentOf, operations, PAGED } from './operation';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
const DESCRIBED_AT_ONCE = 10;
const LIST_PAGE = 100;

/** What of an update is modelled. */
const UPDATED = [
  'cluster',
  'service',
  'taskDefinition',
  'desiredCount',
  'forceNewDeployment',
  'deploymentConfiguration',
  'healthCheckGracePeriodSeconds',
];

export const serviceOperations = (moment: MomentOf) =>
  operations(moment, {
    DescribeServices: {
      ask: onServices('ecs:DescribeServices', 'services'),
      members: ['cluster', 'services'],
      handle: (now, input, call) => {
        const cluster = clusterIn(now, input, call);
        const names = limited(input, 'services', DESCRIBED_AT_ONCE).map(lastPart);
        const found = names.map((name) => ({ name, service: findService(now, cluster, name) }));
        return {
          services: found.flatMap(({ service }) => (service ? [describedService(now, service)] : [])),
          failures: found
            .filter(({ service }) => !service)
            .map(({ name }) => ({ arn: ecsArn(call, `service/${cluster.name}/${name}`), reason: 'MISSING' })),
        };
      },
    },
    ListServices: {
      ask: (input, call) => [
        {
          action: 'ecs:ListServices',
          resource: '*',
          context: { 'ecs:cluster': ecsArn(call, `cluster/${clusterName(input)}`) },
        },
      ],
      members: ['cluster', ...PAGED],
      handle: (now, input, call) => {
        const cluster = clusterIn(now, input, call);
        const mine = now.state.services.filter((each) => each.cluster === cluster.arn);
        const { items, ...token } = page(input, mine, LIST_PAGE);
        return { ...token, serviceArns: items.map(({ arn }) => arn) };
      },
    },
    UpdateService: {
      ask: onUpdate,
      members: UPDATED,
      handle: (now, input, call) => {
        const service = activeServiceIn(now, input, call);
        const given = input.taskDefinition !== undefined || input.forceNewDeployment === true;
        const named = stringOf({ taskDefinition: targetOf(service), ...input }, 'taskDefinition');
        const wanted = given ? activeDefinitionIn(now, call, named).arn : targetOf(service);
        const desired = input.desiredCount === undefined ? service.desired : countOf(input.desiredCount);
        configure(service, input);
        service.desired = desired;
        if (wanted !== targetOf(service) || input.forceNewDeployment === true) {
          startDeployment(now, service, wanted);
        }
        return { service: describedService(now, service) };
      },
    },
  });

function countOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new ApiFault('InvalidParameterException', 'desiredCount must not be negative.');
}
