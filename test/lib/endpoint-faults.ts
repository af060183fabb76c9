import { Duration } from 'aws-cdk-lib';
import { definePlatform } from '../../lib';
import type { UpdateProps } from '../../lib/platform';
import { inStaging, platformOf, resolved, updated } from './endpoint-platforms';
import {
  type Endpoint,
  endpoint,
  type EndpointEnvironment,
  endpointIn,
  faultsOf,
  platformProps,
} from './platform-props';

const environment = 'workloads[0].environments[0]';

/** What an endpoint is refused for, and what the message says. */
export function describeEndpointFaults(): void {
  describe('an endpoint with faults', () => {
    test.each<[string, Partial<Endpoint>, string, RegExp]>([
      [
        'a canary of more than half',
        updated({ strategy: 'canary', canaryPercent: 51 }),
        `${environment}.update.canaryPercent`,
        /got 51; allowed: at most 50/,
      ],
      [
        'a linear step below 10 %',
        updated({ strategy: 'linear', stepPercent: 9 }),
        `${environment}.update.stepPercent`,
        /got 9; allowed: at least 10/,
      ],
      [
        'a rolling batch above 50 %',
        updated({ strategy: 'rolling', batchPercent: 60 }),
        `${environment}.update.batchPercent`,
        /got 60; allowed: at most 50/,
      ],
      [
        'a part of a per cent',
        updated({ strategy: 'rolling', batchPercent: 12.5 }),
        `${environment}.update.batchPercent`,
        /got 12\.5; allowed: a whole number/,
      ],
      [
        'a wait of more than an hour',
        updated({ strategy: 'allAtOnce', wait: Duration.hours(2) }),
        `${environment}.update.wait`,
        /got 7200 seconds; allowed: at most 3600 seconds/,
      ],
      [
        'less time than the waits need',
        updated({ strategy: 'canary', wait: Duration.minutes(20) }),
        `${environment}.update.maximumExecution`,
        /got 1800 seconds; allowed: more than 2400 seconds, the waits of the update \(2 of 1200 each\)/,
      ],
      [
        'a rolling update that would keep an old fleet',
        updated({ strategy: 'rolling', terminationWait: Duration.minutes(1) } as UpdateProps),
        `${environment}.update`,
        /unknown field terminationWait; allowed: strategy, wait, maximumExecution, batchPercent, rollbackBatchPercent; change: remove it/,
      ],
      [
        'a size that another strategy has',
        updated({ strategy: 'canary', stepPercent: 4 } as UpdateProps),
        `${environment}.update`,
        /unknown field stepPercent; allowed: strategy, wait, maximumExecution, terminationWait, canaryPercent; change: remove it/,
      ],
      [
        'a misspelt size',
        updated({ strategy: 'canary', canaryPercnt: 50 } as UpdateProps),
        `${environment}.update`,
        /change: write canaryPercent/,
      ],
      [
        'a strategy without its braces',
        updated('canary' as unknown as UpdateProps),
        `${environment}.update`,
        /got "canary"; allowed: an object such as \{ strategy: 'canary' \}; change: write an object such as/,
      ],
      [
        'an alarm without name',
        inStaging({ alarms: [''] }),
        `${environment}.alarms[0]`,
        /got ""; allowed: the name of an alarm, at most 255 characters/,
      ],
      [
        'an unknown strategy',
        updated({ strategy: 'blueGreen' } as unknown as UpdateProps),
        `${environment}.update.strategy`,
        /'allAtOnce', 'canary', 'linear' or 'rolling'/,
      ],
      [
        'a deadline before that of SageMaker',
        { rollout: { timeout: Duration.minutes(30) } },
        'workloads[0].rollout.timeout',
        /got 30 minutes; allowed: more than 30 minutes, after which SageMaker itself gives up/,
      ],
      [
        'a deadline whose rollback does not fit into a job',
        { rollout: { timeout: Duration.minutes(171) } },
        'workloads[0].rollout.timeout',
        /whole minutes from 5 to 170/,
      ],
      [
        'fewer instances than a canary can move in parts',
        inStaging({ instances: { min: 1, max: 2 } }),
        `${environment}.instances`,
        /got min 1, initial 1, max 2; allowed: whole numbers, 2 ≤ min ≤ initial ≤ max/,
      ],
      [
        'more instances than the maximum',
        inStaging({ instances: { initial: 5, min: 2, max: 4 } }),
        `${environment}.instances`,
        /initial 5, max 4/,
      ],
      [
        'an instance type of EC2',
        inStaging({ instanceType: 'm5.large' }),
        `${environment}.instanceType`,
        /an instance type of SageMaker/,
      ],
      [
        'instances without guardrails',
        inStaging({ instanceType: 'ml.inf1.xlarge' }),
        `${environment}.instanceType`,
        /Inferentia 1/,
      ],
      [
        'data capture without prefix',
        inStaging({ dataCapture: { bucketUri: 's3://bucket', percentage: 10 } }),
        `${environment}.dataCapture.bucketUri`,
        /a bucket and a prefix/,
      ],
      [
        'data capture of more than everything',
        inStaging({ dataCapture: { bucketUri: 's3://bucket/capture', percentage: 101 } }),
        `${environment}.dataCapture.percentage`,
        /got 101; allowed: at most 100/,
      ],
      [
        'more alarms than SageMaker takes',
        inStaging({ alarms: Array.from({ length: 9 }, (_, index) => `alarm-${index}`) }),
        `${environment}.alarms`,
        /at most 8: SageMaker takes ten/,
      ],
      [
        'a single version to go back to',
        { keepVersions: 1 },
        'workloads[0].keepVersions',
        /got 1; allowed: at least 2/,
      ],
      [
        'a latency budget of more than a minute',
        {
          verification: { payload: 'payload.json', schema: 'x.json', latencyBudget: Duration.minutes(2) },
        },
        'workloads[0].verification.latencyBudget',
        /got 120000 milliseconds; allowed: at most 60000 milliseconds/,
      ],
      [
        'a payload out of the source folder',
        {
          verification: { payload: '../key', schema: 'x.json', latencyBudget: Duration.seconds(1) },
        },
        'workloads[0].verification.payload',
        /`\.\.`/,
      ],
      [
        'a bucket name with dots, whose TLS certificate does not fit',
        { model: { bucket: 'a.b' } },
        'workloads[0].model.bucket',
        /3 to 63 lower-case letters, digits and hyphens/,
      ],
      [
        'an audit of a file that is not named',
        { tests: { python: '3.11', checks: { audit: [] } } },
        'workloads[0].tests.checks.audit',
        /./,
      ],
      [
        'a coverage beyond everything',
        { tests: { python: '3.11', checks: { coverage: 101 } } },
        'workloads[0].tests.checks.coverage',
        /at most 100/,
      ],
      [
        'an exception that is no id, but an option',
        { tests: { python: '3.11', checks: { exceptedVulnerabilities: ['--help'] } } },
        'workloads[0].tests.checks.exceptedVulnerabilities[0]',
        /GHSA-xxxx/,
      ],
      [
        'release tags, which start no promotion',
        { releaseTags: ['v*'] },
        'workloads[0].releaseTags',
        /got "v\*"; allowed: none with delivery byPromotion: .*; change: remove releaseTags, or write delivery: 'throughEnvironments'/,
      ],
      [
        'a deadline of part of a minute',
        { rollout: { timeout: Duration.seconds(2_430) } },
        'workloads[0].rollout.timeout',
        /got 40\.5 minutes; allowed: whole minutes from 5 to 170/,
      ],
      [
        'a latency budget of part of a millisecond',
        { verification: { payload: 'payload.json', schema: 'x.json', latencyBudget: Duration.millis(0.5) } },
        'workloads[0].verification.latencyBudget',
        /got 0\.5 milliseconds; allowed: a whole number of milliseconds/,
      ],
      ...(['wait', 'terminationWait', 'maximumExecution'] as const).map(
        (field): [string, Partial<Endpoint>, string, RegExp] => [
          `${field} of part of a second`,
          updated({ strategy: 'canary', [field]: Duration.millis(600_500) }),
          `${environment}.update.${field}`,
          /got 600\.5 seconds; allowed: a whole number of seconds/,
        ],
      ),
    ])('B07 fails for %s', (_, changes, place, message) => {
      const error = faultsOf(platformOf(changes));
      expect(error.faults[0]?.place).toBe(place);
      expect(error.message).toMatch(message);
    });

    test.each<[string, Partial<Endpoint>, string, RegExp]>([
      [
        'an image for ARM',
        { image: { platform: 'linux/arm64' as 'linux/amd64' } },
        'workloads[0].image.platform',
        /got "linux\/arm64"; allowed: linux\/amd64: the instances have x86 processors/,
      ],
      [
        'instances with ARM processors',
        inStaging({ instanceType: 'ml.c7g.large' }),
        `${environment}.instanceType`,
        /Graviton processors, which do not run an image for linux\/amd64/,
      ],
      [
        'an initial model that is no archive',
        { model: { initial: 'bikeshare/model.pkl' } },
        'workloads[0].model.initial',
        /ends with \.tar\.gz/,
      ],
      [
        'an initial model with a bucket, which is the model bucket already',
        { model: { initial: 's3://bucket/model.tar.gz' } },
        'workloads[0].model.initial',
        /a key in the model bucket/,
      ],
    ])('B08 fails for %s', (_, changes, place, message) => {
      const error = faultsOf(platformOf(changes));
      expect(error.faults.map((fault) => fault.place)).toEqual([place]);
      expect(error.message).toMatch(message);
    });

    test('B08 x86 instances with GPUs are no Graviton', () => {
      for (const instanceType of ['ml.g4dn.xlarge', 'ml.g5.xlarge', 'ml.m5d.large', 'ml.p4d.24xlarge'])
        expect(resolved(inStaging({ instanceType })).environments[0]).toMatchObject({ instanceType });
    });

    test('B07 all faults come together, and those of all environments once', () => {
      const error = faultsOf(
        platformOf({
          keepVersions: 0,
          environments: [
            endpointIn({ update: { strategy: 'canary', canaryPercent: 60 } }),
            endpointIn({ name: 'production', instances: { min: 3, max: 2 } }),
          ],
        }),
      );
      expect(error.faults.map(({ place }) => place)).toEqual([
        `${environment}.update.canaryPercent`,
        'workloads[0].keepVersions',
        'workloads[0].environments[1].instances',
      ]);
    });

    test('B07 a value at fault in two environments for different reasons is told for both', () => {
      const within = (minutes: number): UpdateProps => ({
        strategy: 'allAtOnce',
        maximumExecution: Duration.minutes(minutes),
      });
      const error = faultsOf(
        platformOf({
          environments: [
            endpointIn({ update: within(45) }),
            endpointIn({ name: 'production', update: within(60) }),
          ],
        }),
      );
      expect(error.faults.map(({ place, allowed }) => [place, allowed])).toEqual([
        ['workloads[0].rollout.timeout', 'more than 45 minutes, after which SageMaker itself gives up'],
        ['workloads[0].rollout.timeout', 'more than 60 minutes, after which SageMaker itself gives up'],
      ]);
    });

    const hour = Duration.hours(1);
    test.each<[string, Partial<Endpoint>, string]>([
      [
        'a size beyond its limit',
        updated({ strategy: 'canary', canaryPercent: 51 }),
        'set update.canaryPercent to at most 50',
      ],
      [
        'a size of nothing',
        updated({ strategy: 'linear', stepPercent: 0 }),
        'set update.stepPercent to at least 10',
      ],
      [
        'a duration beyond its limit',
        {
          ...updated({
            strategy: 'allAtOnce',
            wait: Duration.minutes(61),
            maximumExecution: Duration.minutes(62),
          }),
          rollout: { timeout: Duration.minutes(63) },
        },
        'set update.wait to at most 3600 seconds',
      ],
      [
        'one instance for an update in parts',
        inStaging({ instances: { min: 1, max: 2 } }),
        "set instances.min to at least 2, or update.strategy to 'allAtOnce'",
      ],
      [
        'one instance at most for an update in parts',
        inStaging({ instances: { min: 1, max: 1 } }),
        "set instances.min and instances.max to at least 2, or update.strategy to 'allAtOnce'",
      ],
      [
        'no instance at all',
        updated({ strategy: 'allAtOnce' }, { instances: { min: 0, max: 2 } }),
        'set instances.min to at least 1',
      ],
      [
        'more instances than the most',
        inStaging({ instances: { min: 3, max: 2 } }),
        'raise instances.max, or lower instances.min',
      ],
      [
        'a beginning beyond the limits',
        inStaging({ instances: { initial: 5, min: 2, max: 4 } }),
        'set instances.initial to a number from 2 to 4, or leave it out',
      ],
      ['a part of an instance', inStaging({ instances: { min: 2.5, max: 4 } }), 'write whole numbers'],
      [
        'ten waits in half an hour',
        updated({ strategy: 'linear', stepPercent: 10 }),
        'set update.maximumExecution to more than 50 minutes and rollout.timeout above that, or set a larger update.stepPercent, or shorten update.wait',
      ],
      [
        'waits that the deadline has room for',
        updated({ strategy: 'rolling', batchPercent: 20, wait: Duration.seconds(421) }),
        'set update.maximumExecution to more than 2105 seconds, or set a larger update.batchPercent, or shorten update.wait',
      ],
      [
        'waits that no deadline has room for',
        updated({ strategy: 'canary', wait: hour, terminationWait: hour }),
        'shorten update.wait or update.terminationWait',
      ],
      [
        'a deadline before that of SageMaker',
        { rollout: { timeout: Duration.minutes(30) } },
        `set rollout.timeout to more than 30 minutes, or ${environment}.update.maximumExecution to less than 30 minutes`,
      ],
      [
        'a deadline that SageMaker cannot keep to',
        { rollout: { timeout: Duration.minutes(10) } },
        'set rollout.timeout to more than 30 minutes',
      ],
      [
        'a deadline within the waits',
        {
          ...updated({ strategy: 'canary', wait: Duration.minutes(14) }),
          rollout: { timeout: Duration.minutes(28) },
        },
        'set rollout.timeout to more than 30 minutes',
      ],
      [
        'more time than any deadline leaves',
        {
          ...updated({ strategy: 'canary', maximumExecution: Duration.hours(8) }),
          rollout: { timeout: Duration.minutes(170) },
        },
        'set update.maximumExecution to less than 170 minutes, and rollout.timeout above it',
      ],
      [
        'more time than SageMaker takes',
        updated({ strategy: 'canary', maximumExecution: Duration.hours(9) }),
        'set update.maximumExecution to less than 170 minutes, and rollout.timeout above it',
      ],
      [
        'a deadline below all',
        { rollout: { timeout: Duration.minutes(3) } },
        'choose a duration in this range',
      ],
      [
        'a deadline beyond all',
        { rollout: { timeout: Duration.minutes(480) } },
        'choose a duration in this range',
      ],
    ])('B07 %s is told once, with the change that mends it', (_, changes, change) => {
      expect(faultsOf(platformOf(changes)).faults.map((fault) => fault.change)).toEqual([change]);
    });

    test('B07 an update may take almost as long as the longest deadline', () => {
      const within = (seconds: number): Partial<Endpoint> => ({
        ...updated({ strategy: 'canary', maximumExecution: Duration.seconds(seconds) }),
        rollout: { timeout: Duration.minutes(170) },
      });
      expect(resolved(within(10_199)).rollout.timeoutMinutes).toBe(170);
      const [fault, ...others] = faultsOf(platformOf(within(10_200))).faults;
      expect(others).toEqual([]);
      expect(fault).toMatchObject({
        place: `${environment}.update.maximumExecution`,
        value: '10200 seconds',
        allowed: expect.stringMatching(
          /^less than 10200 seconds: rollout\.timeout .* 170 minutes/,
        ) as unknown,
      });
    });

    test('B07 a model bucket with too long a name is told by its name, not by the model in it', () => {
      const props = platformProps({
        name: 'a-platform-of-twenty',
        workloads: [endpoint({ id: 'an-endpoint-of-24-letter', model: { initial: '1/model.tar.gz' } })],
      });
      const places = faultsOf(props).faults.map(({ place }) => place);
      expect(places).toContain('workloads[0].model.bucket');
      expect(places).not.toContain('workloads[0].model.initial');
    });

    test('B07 a fraction keeps no other field from being judged', () => {
      const error = faultsOf(
        platformOf({
          keepVersions: 2.5,
          rollout: { timeout: Duration.seconds(1_770) },
          environments: [endpointIn({ dataCapture: { bucketUri: 's3://bucket/capture', percentage: 0.5 } })],
        }),
      );
      expect(error.faults.map(({ place, allowed }) => [place, allowed])).toEqual([
        ['workloads[0].rollout.timeout', 'whole minutes from 5 to 170'],
        [`${environment}.dataCapture.percentage`, 'a whole number'],
        [`${environment}.dataCapture.percentage`, 'at least 1'],
        ['workloads[0].keepVersions', 'a whole number'],
        ['workloads[0].rollout.timeout', 'more than 30 minutes, after which SageMaker itself gives up'],
      ]);
    });

    test('B07 names that the rule makes too long for SageMaker and S3 are refused, and can be overridden', () => {
      const long = (changes: Partial<EndpointEnvironment>, bucket?: string) =>
        platformProps({
          name: 'a-platform-of-models',
          environments: [{ name: 'pre-production-west1', account: '111111111111' }],
          workloads: [
            endpoint({
              id: 'quite-a-long-workload-id',
              ...(bucket !== undefined && { model: { bucket } }),
              environments: [endpointIn({ name: 'pre-production-west1', ...changes })],
            }),
          ],
        });
      const roles = { deployRole: 'deploy', rollbackRole: 'rollback', executionRole: 'execution' };
      const { faults } = faultsOf(long({ names: roles }));
      expect(faults.map(({ place, allowed }) => [place, allowed])).toEqual([
        ['workloads[0].model.bucket', 'bucket names of at most 63 characters'],
        ['workloads[0].environments[0].names.endpoint', 'endpoint names of at most 63 characters'],
        ['workloads[0].environments[0].names.namePrefix', 'name prefix names of at most 50 characters'],
      ]);
      const short = long({ names: { ...roles, endpoint: 'short', namePrefix: 'short' } }, 'short-bucket');
      expect(definePlatform(short).workloads).toHaveLength(1);
    });

    test('B07 two workloads in one bucket are refused: what one may deploy would be the model of the other', () => {
      const bucket = { model: { bucket: 'models' } };
      const error = faultsOf(
        platformProps({ workloads: [endpoint(bucket), endpoint({ ...bucket, id: 'other' })] }),
      );
      expect(error.faults.map(({ place, value }) => [place, value])).toEqual([
        [
          'workloads[1].model.bucket',
          'bucket "models", which workloads[0].model.bucket uses already in all accounts',
        ],
      ]);
    });
  });
}
