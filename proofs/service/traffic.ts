import type { Fault } from '../../contract';
import type { Artefacts, Resource, Value } from '../artefacts';
import type { Checked } from '../calls/text';
import { list, record, said } from '../flow/capacity/template-values';
import { refers, type RuleOfListener, rulesBeside, switchOf, targetsOf, type TrafficSwitch } from './groups';
import { isShifting } from './spec';
import { type TemplateService, templateServices, unless, type Wrong, wrongAt } from './template';

/** Settings of a group that tell two groups apart and nothing else. */
const IDENTITY: ReadonlySet<string> = new Set(['Name', 'Tags']);
const EVERYTHING = '/*';

/**
 * What ECS needs to move traffic, and to move it back: two groups that judge tasks alike, and rules that take every request
 * of clients and of tests. With `rolling`, the circuit breaker is what goes back.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function trafficFaults(artefacts: Artefacts): Checked {
  const services = templateServices(artefacts);
  return {
    checked: services.reduce((sum, { spec }) => sum + (isShifting(spec.update) ? 7 : 1), 0),
    findings: services.flatMap((one) => {
      const read = switchOf(one);
      if (!read) return circuitBreakerFaults(one);
      return 'fault' in read ? [read.fault] : switchFaults(one, read.found);
    }),
  };
}

function circuitBreakerFaults({ service }: TemplateService): readonly Fault[] {
  const { Enable, Rollback } = record(
    record(service.properties.DeploymentConfiguration).DeploymentCircuitBreaker,
  );
  return wrongAt(
    service.path,
    'let the circuit breaker end a rolling update whose tasks fail, and roll it back',
    unless(
      Enable === true && Rollback === true,
      `a circuit breaker with Enable ${said(Enable)} and Rollback ${said(Rollback)}`,
      'Enable true and Rollback true',
    ),
  );
}

function switchFaults(one: TemplateService, found: TrafficSwitch): readonly Fault[] {
  const { primary, alternate, production, test } = found;
  const entries = list(one.service.properties.LoadBalancers).length;
  return [
    ...wrongAt(one.service.path, 'give the service one entry, with both groups', [
      ...unless(entries === 1, `${entries} entries under LoadBalancers`, 'one, which has both groups'),
      ...unless(
        primary.logicalId !== alternate.logicalId,
        `${primary.logicalId} for both versions`,
        'a group for each version',
      ),
    ]),
    ...wrongAt(
      alternate.path,
      'let both groups judge tasks alike: ECS swaps them with each deployment',
      differences(primary, alternate),
    ),
    ...ruleFaults(one, production, found),
    ...ruleFaults(one, test, found),
    ...wrongAt(test.listener.path, 'give tests a listener of the same balancer, on a port of its own', [
      ...unless(
        test.listener.logicalId !== production.listener.logicalId,
        'the listener of clients',
        'another one: a rule for every request can stand on it once',
      ),
      ...unless(
        refers(test.listener.properties.LoadBalancerArn, found.balancer),
        `a listener of ${said(test.listener.properties.LoadBalancerArn)}`,
        `one of ${found.balancer.path}`,
      ),
    ]),
  ];
}

/** Ports, protocol, health check and attributes of both groups. */
function differences(primary: Resource, alternate: Resource): readonly Wrong[] {
  const names = new Set([...Object.keys(primary.properties), ...Object.keys(alternate.properties)]);
  return [...names]
    .filter((name) => !IDENTITY.has(name))
    .flatMap((name) => {
      const [first, second] = [primary, alternate].map(({ properties }) => printed(properties[name]));
      return unless(first === second, `${name} ${second ?? ''}`, `${first ?? ''}, as ${primary.path} has it`);
    });
}

const printed = (value: Parameters<typeof said>[0]): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && 'description' in part ? String(part.description) : part,
  ) ?? 'nothing';

/** A rule takes every request, before every other one, and sends it to the first group until ECS moves it. */
function ruleFaults(one: TemplateService, at: RuleOfListener, { primary }: TrafficSwitch): readonly Fault[] {
  const { rule, listener } = at;
  const conditions = list(rule.properties.Conditions).map(record);
  const paths = conditions.flatMap(({ Field, Values, PathPatternConfig }): readonly (Value | undefined)[] =>
    Field === 'path-pattern' ? list(Values ?? record(PathPatternConfig).Values) : [undefined],
  );
  const targets = targetsOf(rule.properties.Actions);
  const others = targets.filter(({ group, weight }) => weight > 0 && !refers(group, primary));
  const priority = Number(rule.properties.Priority);
  const before = rulesBeside(one, at).filter(({ properties }) => !(Number(properties.Priority) > priority));
  return wrongAt(rule.path, 'let the rule take every request to the first group', [
    ...unless(
      paths.length === 1 && paths[0] === EVERYTHING,
      `conditions ${paths.map((path) => (path === undefined ? 'other than a path' : said(path))).join(', ') || 'of nothing'}`,
      `the path ${EVERYTHING} alone: what another rule takes is not moved`,
    ),
    ...unless(
      others.length === 0 && targets.some(({ weight }) => weight > 0),
      `requests to ${others.map(({ group, weight }) => `${said(group)} (${weight})`).join(', ') || 'nobody'}`,
      `all of them to ${primary.logicalId}, until a deployment moves them`,
    ),
    ...before.map((other): Wrong => [
      `${other.path} on ${listener.path} comes first`,
      'no rule before the one that ECS moves',
    ]),
  ]);
}
