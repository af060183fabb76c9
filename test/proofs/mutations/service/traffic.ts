import { type Mutation, resourcesOfStack, type Sources } from '../../sample';
import { type Json, rewrite } from '../k3s/edit';
import {
  ALARM,
  CANARY,
  defects,
  deploying,
  GROUP,
  LISTENER,
  logicalId,
  resourceIn,
  rewriting,
  RULE,
  serviceIn,
  setting,
} from './edit';

const back = defects('P09', CANARY);
const PRODUCTION_RULE = 'ProductionRule';
const TEST_RULE = 'TestRule';

const advanced = (sample: Sources): Json => {
  const [entry] = serviceIn(sample).Properties.LoadBalancers as Json[];
  if (!entry) throw new Error('no load balancer');
  return entry.AdvancedConfiguration as Json;
};

const weights = (primary: number, alternate: number) => (sample: Sources) => {
  const rule = resourceIn(sample, RULE, PRODUCTION_RULE);
  const [action] = rule.Properties.Actions as { ForwardConfig: { TargetGroups: Json[] } }[];
  const [first, second] = action?.ForwardConfig.TargetGroups ?? [];
  if (!first || !second) throw new Error('no weights');
  Object.assign(first, { Weight: primary });
  Object.assign(second, { Weight: alternate });
};

/** Traffic that ECS cannot move, or that does not come back. */
export const TRAFFIC_MUTATIONS: readonly Mutation[] = [
  back(
    'a second group that looks for another path',
    setting(GROUP, 'AlternateTargets', 'HealthCheckPath', '/'),
  ),
  back('a second group on another port', setting(GROUP, 'AlternateTargets', 'Port', 9090)),
  back('one group for both versions', (sample) => {
    const [entry] = serviceIn(sample).Properties.LoadBalancers as Json[];
    advanced(sample).AlternateTargetGroupArn = entry?.TargetGroupArn;
  }),
  back('a service without a second group', (sample) => {
    delete advanced(sample).AlternateTargetGroupArn;
  }),
  back('a service without a rule for tests', (sample) => {
    delete advanced(sample).TestListenerRule;
  }),
  back('a service without the role that moves traffic', (sample) => {
    delete advanced(sample).RoleArn;
  }),
  back('a rule that takes one path only', rewriting(RULE, PRODUCTION_RULE, '"/*"', '"/api/*"')),
  back('a rule for one host', (sample) => {
    const { Properties } = resourceIn(sample, RULE, PRODUCTION_RULE);
    const host = { Field: 'host-header', HostHeaderConfig: { Values: ['example.com'] } };
    Properties.Conditions = [...(Properties.Conditions as Json[]), host];
  }),
  back('clients that begin at the second group', weights(0, 100)),
  back('clients that begin at both groups', weights(50, 50)),
  back('clients that go nowhere', weights(0, 0)),
  back('a rule that answers itself', setting(RULE, TEST_RULE, 'Actions', [{ Type: 'fixed-response' }])),
  back('another rule before the one that ECS moves', (sample) => {
    const rule = resourceIn(sample, RULE, PRODUCTION_RULE);
    resourcesOfStack(sample, CANARY).Other = structuredClone(rule);
  }),
  back('tests on the listener of clients', (sample) => {
    const { Properties } = resourceIn(sample, RULE, PRODUCTION_RULE);
    resourceIn(sample, RULE, TEST_RULE).Properties.ListenerArn = Properties.ListenerArn;
  }),
  back('tests on another balancer', setting(LISTENER, 'TestListener', 'LoadBalancerArn', { Ref: 'Other' })),
];

const failedTasks = (circuitBreaker: unknown) => (sample: Sources) => {
  const found = Object.values(resourcesOfStack(sample, SAMPLE)).find(
    ({ Type }) => Type === 'AWS::ECS::Service',
  );
  Object.assign(found?.Properties.DeploymentConfiguration as Json, {
    DeploymentCircuitBreaker: circuitBreaker,
  });
};
const SAMPLE = 'ml-platform-kvs-infer-production';
const rolling = (name: string, circuitBreaker: unknown): Mutation => ({
  name,
  owner: 'P09',
  place: `${SAMPLE}/Service`,
  apply: failedTasks(circuitBreaker),
});

/** Alarms that undo no deployment, or that see one version only. */
export const SERVICE_ALARM_MUTATIONS: readonly Mutation[] = [
  rolling('a rolling update whose failed tasks nobody counts', { Enable: false, Rollback: true }),
  rolling('a rolling update that stops and does not go back', { Enable: true, Rollback: false }),
  back('alarms that stop a deployment and leave it there', (sample) => {
    const names = (
      resourceIn(sample, 'AWS::ECS::Service').Properties.DeploymentConfiguration as { Alarms: Json }
    ).Alarms;
    names.Rollback = false;
  }),
  back(
    'a deployment without alarms',
    deploying({ Alarms: { AlarmNames: [], Enable: true, Rollback: true } }),
  ),
  back('an alarm that nobody makes', setting(ALARM, 'ServerErrors', 'AlarmName', 'somebody-elses')),
  back('an alarm that sees the first group alone', (sample) => {
    const first = logicalId(sample, resourceIn(sample, GROUP, 'BalancerTargets'));
    const second = logicalId(sample, resourceIn(sample, GROUP, 'AlternateTargets'));
    rewrite(resourceIn(sample, ALARM, 'UnhealthyTargets'), second, first);
  }),
  back(
    'an alarm that compares the first group alone',
    rewriting(ALARM, 'ServerErrors', ', FILL(alternate, 0)', ''),
  ),
  back(
    'an alarm without value while one group has none',
    rewriting(ALARM, 'ServerErrors', 'SUM([FILL(primary, 0), FILL(alternate, 0)])', 'primary + alternate'),
  ),
  back('an alarm on another metric', rewriting(ALARM, 'ServerErrors', '5XX', '2XX')),
  back(
    'an alarm that few errors raise',
    setting(ALARM, 'ServerErrors', 'ComparisonOperator', 'LessThanThreshold'),
  ),
  back('an alarm that silence raises', setting(ALARM, 'UnhealthyTargets', 'TreatMissingData', 'breaching')),
  back('an alarm that goes off after everything is over', (sample) => {
    Object.assign(resourceIn(sample, ALARM, 'ServerErrors').Properties, {
      EvaluationPeriods: 30,
      DatapointsToAlarm: 30,
    });
  }),
];
