import { isDeepStrictEqual } from 'node:util';
import type { AwsCall } from '../../../contract';
import type { SeenCall } from '../../conformance/aws-server';
import { describeJudging } from './judging';
import { describeReporting } from './reporting';
import { describeRunning } from './running';
import { CALLS, type StartWorld, World } from './world';

const ledger: SeenCall[] = [];
const worlds: World[] = [];

const start: StartWorld = async () => {
  const world = await new World().start();
  worlds.push(world);
  return world;
};

afterEach(async () => {
  for (const world of worlds.splice(0)) {
    ledger.push(...world.calls);
    await world.stop();
  }
});

describeRunning(start);
describeJudging();
describeReporting(start);

describe('declared calls of a GPU check', () => {
  const pattern = (arn: string) =>
    new RegExp(`^${arn.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);
  const allows = (call: AwsCall, action: string, resource: string) =>
    call.action === action && call.resources.some((each) => pattern(each).test(resource));

  test('A10 a run makes exactly the calls that it declares', () => {
    const made = new Set(ledger.map(({ action }) => action));
    expect([...made].sort()).toEqual(CALLS.run.map(({ action }) => action).sort());
  });

  test('A10 a run touches only what it declares, under the conditions that it declares', () => {
    const strangers = ledger.flatMap(({ action, resources, context }) =>
      resources
        .filter(
          (resource) =>
            !CALLS.run.some(
              (call) => allows(call, action, resource) && isDeepStrictEqual(call.context ?? {}, context),
            ),
        )
        .map((resource) => ({ action, resource, context })),
    );
    expect(strangers).toEqual([]);
  });

  test('A10 a run declares nothing of a neighbouring cluster, family or log group', () => {
    const neighbour = (arn: string) =>
      arn
        .replace('kvs-infer-gpu-check', 'kvs-infer-staging')
        .replace('kvs-infer/gpu-check', 'kvs-infer/staging');
    const narrow = CALLS.run.filter(({ resources }) => !resources.includes('*'));
    const granted = ledger
      .flatMap(({ action, resources }) =>
        resources.map((resource) => ({ action, resource: neighbour(resource) })),
      )
      .filter(({ action, resource }) => narrow.some((call) => allows(call, action, resource)))
      .filter(({ action }) => action !== 'iam:PassRole');
    expect(granted).toEqual([]);
  });
});
