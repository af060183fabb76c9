import { Duration, Size } from 'aws-cdk-lib';
import { definePlatform } from '../../lib';
import { dockerHub, inStaging, platformOf, worker } from './k3s-app-platforms';
import { type App, app, appIn, appService, faultsOf, platformProps } from './platform-props';

const canary = { strategy: 'canary' } as const;
const environment = 'workloads[0].environments[0]';

/** What services on K3s are refused for, and what the message says. */
export function describeK3sAppFaults(): void {
  describe('services on K3s with faults', () => {
    test.each<[string, Partial<App>, string, RegExp]>([
      [
        'E01 a release tag that starts nothing',
        { releaseTags: ['v*'] },
        'workloads[0].releaseTags',
        /got "v\*"; allowed: none without deployOnPush/,
      ],
      [
        'E03 promotion of several images',
        { delivery: 'byPromotion' as never, environments: [appIn(), appIn({ name: 'production' })] },
        'workloads[0].delivery',
        /"byPromotion" of api, worker; allowed: "throughEnvironments": a promotion takes over one image/,
      ],
      [
        'E03 names in ECR of an image at Docker Hub',
        { registry: { dockerHub }, services: [appService({ names: { repository: 'x' } })] },
        'workloads[0].services[0].names',
        /kept at Docker Hub, in octo-org\/shop;/,
      ],
      [
        'E03 a secret that GitHub keeps for itself',
        { registry: { dockerHub: { ...dockerHub, tokenSecret: 'GITHUB_TOKEN' } } },
        'workloads[0].registry.dockerHub.tokenSecret',
        /does not begin with GITHUB_/,
      ],
      [
        'E02 a Go version as a number',
        { tests: { go: 1.26 as never } },
        'workloads[0].tests.go',
        /in quotes/,
      ],
      [
        'E09 two services of one name',
        { services: [appService(), appService({ route: { host: 'b.example.com' } })] },
        'workloads[0].services[1].name',
        /given once/,
      ],
      [
        'E09 a service named like the Redis',
        { services: [appService({ name: 'redis' })] },
        'workloads[0].services[0].name',
        /none of redis/,
      ],
      [
        'E09 a service named like a track of another',
        { services: [appService(), appService({ name: 'api-blue', route: undefined })] },
        'workloads[0].services[1].name',
        /as a Deployment of api is named/,
      ],
      [
        'E09 two services behind one route',
        { services: [appService(), { ...worker, route: { host: 'shop.example.com', path: '/' } }] },
        'workloads[0].services[1].route',
        /"shop.example.com\/", which workloads\[0\]\.services\[0\]\.route uses already/,
      ],
      [
        'E09 an unknown caller',
        { services: [appService({ callers: ['wrker'] }), worker] },
        'workloads[0].services[0].callers',
        /got wrker; allowed: other services of the workload: worker/,
      ],
      [
        'E09 addresses to reach that are no range',
        { services: [appService({ egress: [{ cidr: '10.0.0.0', ports: [443] }] })] },
        'workloads[0].services[0].egress[0].cidr',
        /an IPv4 range, such as/,
      ],
      [
        'E09 more addresses to reach than it seems',
        {
          services: [
            appService({
              egress: [
                { cidr: '203.0.113.7/32', ports: [443] },
                { cidr: '10.0.0.5/8', ports: [443] },
              ],
            }),
          ],
        },
        'workloads[0].services[0].egress[1].cidr',
        /"10\.0\.0\.5\/8", which is an address inside 10\.0\.0\.0\/8/,
      ],
      [
        'E09 the metadata service to reach',
        { services: [appService({ egress: [{ cidr: '169.254.169.254/32', ports: [80] }] })] },
        'workloads[0].services[0].egress[0].cidr',
        /the metadata service of EC2; allowed: other addresses/,
      ],
      [
        'E09 addresses to reach at no port',
        { services: [appService({ egress: [{ cidr: '203.0.113.0/24', ports: [] }] })] },
        'workloads[0].services[0].egress[0].ports',
        /at least one port/,
      ],
      ...(
        [
          [0, /got 0; allowed: at least 1;/],
          [65_536, /got 65536; allowed: at most 65535;/],
          [1.5, /got 1\.5; allowed: a whole number from 1 to 65535;/],
        ] as const
      ).map(([port, message]): [string, Partial<App>, string, RegExp] => [
        `E09 addresses to reach at port ${port}`,
        { services: [appService({ egress: [{ cidr: '203.0.113.0/24', ports: [443, port] }] })] },
        'workloads[0].services[0].egress[0].ports[1]',
        message,
      ]),
      [
        'E09 memory as a number',
        { services: [appService({ memory: { request: 48 as never, limit: Size.mebibytes(64) } })] },
        'workloads[0].services[0].memory.request',
        /such as Size\.mebibytes\(48\)/,
      ],
      [
        'E09 more memory requested than allowed',
        { services: [appService({ memory: { request: Size.mebibytes(65), limit: Size.mebibytes(64) } })] },
        'workloads[0].services[0].memory',
        /request 65 MiB, limit 64 MiB/,
      ],
      [
        'E10 a request of nothing',
        { services: [appService({ memory: { request: Size.kibibytes(1), limit: Size.mebibytes(64) } })] },
        'workloads[0].services[0].memory.request',
        /in no memory budget/,
      ],
      [
        'E09 more memory requested by Redis than allowed',
        {
          redis: {
            memory: { request: Size.mebibytes(65), limit: Size.mebibytes(64) },
            storage: Size.gibibytes(1),
          },
        },
        'workloads[0].redis.memory',
        /request 65 MiB, limit 64 MiB/,
      ],
      [
        'E09 a Redis without room for data',
        {
          redis: {
            memory: { request: Size.mebibytes(1), limit: Size.mebibytes(15) },
            storage: Size.gibibytes(1),
          },
        },
        'workloads[0].redis.memory.limit',
        /15 MiB; allowed: at least 16 MiB/,
      ],
      [
        'E09 half a GiB of storage',
        { redis: { memory: appService().memory, storage: Size.mebibytes(512) } },
        'workloads[0].redis.storage',
        /0\.5 GiB; allowed: whole GiB .*change: choose a size/,
      ],
      [
        'E09 an image of Redis without tag',
        { redis: { memory: appService().memory, storage: Size.gibibytes(1), image: 'redis' } },
        'workloads[0].redis.image',
        /tag or digest/,
      ],
      ...['a//b:1', 'x/../y:1', 'a/b/:1', 'redis.:1'].map((image): [string, Partial<App>, string, RegExp] => [
        `E09 an image of Redis with the name ${image}`,
        { redis: { memory: appService().memory, storage: Size.gibibytes(1), image } },
        'workloads[0].redis.image',
        /tag or digest/,
      ]),
      [
        'E09 settings that kubectl cannot apply',
        { environment: { A: 'x'.repeat(120 * 1024), B: 'x'.repeat(120 * 1024) } },
        'workloads[0].environment',
        /241 KiB in all; allowed: at most 240 KiB/,
      ],
      [
        'E09 settings of a service that grow in JSON',
        { services: [appService({ environment: { A: '<'.repeat(41 * 1024) } })] },
        'workloads[0].services[0].environment',
        /247 KiB in all/,
      ],
      [
        'E09 a setting that no process starts with',
        { environment: { A: 'x'.repeat(128 * 1024 - 2) } },
        'workloads[0].environment.A',
        /131072 bytes with its name; allowed: at most 131071 bytes/,
      ],
      [
        'E09 more storage than the volume has',
        {
          redis: { memory: appService().memory, storage: Size.gibibytes(8) },
          ...inStaging({ dataVolume: Size.gibibytes(8) }),
        },
        `${environment}.dataVolume`,
        /8 GiB for a Redis with 8 GiB/,
      ],
      [
        'E09 a setting that the port makes',
        { environment: { PORT: '80' } },
        'workloads[0].environment.PORT',
        /other than PORT/,
      ],
      [
        'E09 a time to start of more than ten minutes',
        {
          services: [
            appService({ probes: { liveness: '/', readiness: '/', startupTime: Duration.hours(1) } }),
          ],
        },
        'workloads[0].services[0].probes.startupTime',
        /3600 seconds; allowed: whole seconds from 1 to 600/,
      ],
      [
        'E09 a time to start that outlasts the deadline',
        {
          rollout: { timeout: Duration.minutes(5) },
          services: [
            appService({ probes: { liveness: '/', readiness: '/', startupTime: Duration.minutes(10) } }),
          ],
        },
        'workloads[0].services[0].probes.startupTime',
        /600 seconds to start, 840 with pulling the image; allowed: at most 60 seconds: rollout\.timeout is 5 minutes/,
      ],
      [
        'E09 a time to start that outlasts what watching leaves',
        {
          services: [
            appService({ probes: { liveness: '/', readiness: '/', startupTime: Duration.minutes(10) } }),
          ],
          ...inStaging({ update: { strategy: 'blueGreen', bake: Duration.minutes(20) } }),
        },
        'workloads[0].services[0].probes.startupTime',
        /at most 360 seconds: rollout\.timeout is 30 minutes less 1200 seconds of watching/,
      ],
      [
        'a canary that is judged by its slowest answer',
        inStaging({ update: { ...canary, rule: { latencyQuantile: 1 } } }),
        `${environment}.update.rule.latencyQuantile`,
        /got 1; allowed: below 1/,
      ],
      [
        'a canary without a route',
        { services: [worker], ...inStaging({ update: canary }) },
        `${environment}.update`,
        /"canary", but no service has a route/,
      ],
      [
        'a canary that nobody from outside reaches',
        inStaging({ update: canary }),
        `${environment}.update`,
        /"canary", but nobody from outside reaches the route.*change: set inbound\.cidrs .* or write \{ strategy: 'blueGreen' \}/,
      ],
      [
        'a blue-green update of a service with an autoscaler',
        {
          services: [appService({ autoscaler: { min: 1, max: 2, cpuPercent: 50 } })],
          ...inStaging({ update: { strategy: 'blueGreen' } }),
        },
        'workloads[0].services[0].autoscaler',
        /an autoscaler with the strategy blueGreen/,
      ],
      [
        'an autoscaler whose numbers are out of order',
        { services: [appService({ autoscaler: { min: 3, max: 2, cpuPercent: 50 } })] },
        'workloads[0].services[0].autoscaler',
        /min 3, max 2/,
      ],
      [
        'steps that fall',
        inStaging({ update: { ...canary, steps: [50, 10] } }),
        `${environment}.update.steps`,
        /got 50, 10; allowed: rising/,
      ],
      [
        'steps of seconds',
        inStaging({ update: { ...canary, step: Duration.seconds(20) } }),
        `${environment}.update.step`,
        /20 seconds; allowed: whole seconds from 60/,
      ],
      [
        'steps that outlast the deadline',
        inStaging({ update: { ...canary, step: Duration.minutes(15) } }),
        `${environment}.update.step`,
        /1800 seconds of watching; allowed: at most 1500 seconds/,
      ],
      [
        'a bake that outlasts the deadline',
        inStaging({ update: { strategy: 'blueGreen', bake: Duration.minutes(26) } }),
        `${environment}.update.bake`,
        /1560 seconds of watching; allowed: at most 1500 seconds/,
      ],
      [
        'a strategy that is none',
        inStaging({ update: { strategy: 'bluegreen' } as never }),
        `${environment}.update.strategy`,
        /'rolling', 'blueGreen' or 'canary'/,
      ],
      [
        'E08 an inbound rule that leads to nothing',
        { services: [worker], ...inStaging({ inbound: { cidrs: ['203.0.113.0/24'] } }) },
        `${environment}.inbound`,
        /no service has a route/,
      ],
      [
        'E08 an inbound rule for no address',
        inStaging({ inbound: { cidrs: [] } }),
        `${environment}.inbound.cidrs`,
        /leave `inbound` out/,
      ],
      ...['999.1.1.1/8', '10.0.0.256/32', '10.0.0/8', '10.0.0.0', '010.0.0.0/8', '10.0.0.0/33'].map(
        (cidr): [string, Partial<App>, string, RegExp] => [
          `E08 an inbound rule for ${cidr}`,
          inStaging({ inbound: { cidrs: ['0.0.0.0/0', cidr] } }),
          `${environment}.inbound.cidrs[1]`,
          /an IPv4 range, such as/,
        ],
      ),
      [
        'E08 an inbound rule for more than it seems',
        inStaging({ inbound: { cidrs: ['203.0.113.7/32', '10.129.0.5/9'] } }),
        `${environment}.inbound.cidrs[1]`,
        /"10\.129\.0\.5\/9", which is an address inside 10\.128\.0\.0\/9; .*change: write '10\.128\.0\.0\/9' or '10\.129\.0\.5\/32'/,
      ],
      [
        'pods of an unknown service',
        inStaging({ replicas: { apy: 2 } }),
        `${environment}.replicas.apy`,
        /allowed: "api" or "worker"/,
      ],
      [
        'pods of a service with an autoscaler',
        {
          services: [appService({ autoscaler: { min: 1, max: 2, cpuPercent: 50 } })],
          ...inStaging({ replicas: { api: 2 } }),
        },
        `${environment}.replicas.api`,
        /with an autoscaler/,
      ],
      [
        'E08 a volume that is too small',
        inStaging({ dataVolume: Size.gibibytes(4) }),
        `${environment}.dataVolume`,
        /4 GiB; allowed: whole GiB from 8 .*change: choose a size/,
      ],
      [
        'E08 backups for half a day',
        inStaging({ keepBackups: Duration.hours(12) }),
        `${environment}.keepBackups`,
        /0\.5 days/,
      ],
      [
        'E08 a name that SSM keeps for itself',
        inStaging({ names: { document: 'amazon-shop' } }),
        `${environment}.names.document`,
        /does not begin with aws, amazon or amzn/,
      ],
      [
        'E08 a namespace that Kubernetes keeps for itself',
        inStaging({ names: { namespace: 'kube-system' } }),
        `${environment}.names.namespace`,
        /not one of Kubernetes itself/,
      ],
      [
        'E08 a type with 1 GiB',
        inStaging({ instanceType: 't3.micro' }),
        `${environment}.instanceType`,
        /t3\.micro has 1024 MiB, K3s needs 2048 MiB: 1024 MiB are missing; allowed: t3\.small or a larger type/,
      ],
      [
        'E08 a type with other processors',
        inStaging({ instanceType: 't4g.small' }),
        `${environment}.instanceType`,
        /"t4g\.small"; allowed: t3a?\.small.*m5\.large.*x86/,
      ],
      [
        'E10 more memory than the node has, whichever version runs beside another',
        {
          services: [appService({ memory: { request: Size.mebibytes(200), limit: Size.mebibytes(200) } })],
          ...inStaging({ update: canary, replicas: { api: 2 } }),
        },
        `${environment}.instanceType`,
        /t3\.small has 2048 MiB, K3s itself needs (\d+) MiB, \d+ MiB are left; pods request 800 MiB during a deployment: api 4 × 200 MiB .*change: set workloads\[0\]\.environments\[0\]\.instanceType to 't3a?\.medium', or lower memory\.request or replicas/,
      ],
      [
        'E10 more memory than any node has',
        {
          services: [
            appService({ replicas: 100, memory: { request: Size.gibibytes(1), limit: Size.gibibytes(1) } }),
          ],
        },
        `${environment}.instanceType`,
        /change: lower memory\.request/,
      ],
      [
        'E08 a release of K3s without its patch',
        { k3s: { version: 'v1.35' } },
        'workloads[0].k3s.version',
        /such as v1\.35\.8\+k3s1/,
      ],
      [
        'E09 a release of K3s that does not know a field of the manifests',
        { k3s: { version: 'v1.29.15+k3s1' } },
        'workloads[0].k3s.version',
        /from v1\.30 on/,
      ],
      [
        'E08 a checksum of another kind',
        { k3s: { version: 'v1.35.8+k3s1', sha256: 'abc' } },
        'workloads[0].k3s.sha256',
        /64 hexadecimal digits/,
      ],
      [
        'a log retention that CloudWatch does not offer',
        { logRetention: Duration.days(31) },
        'workloads[0].logRetention',
        /31 days/,
      ],
    ])('%s: fails', (_, changes, place, message) => {
      const error = faultsOf(platformOf(changes));
      expect(error.faults.map((fault) => fault.place)).toContain(place);
      expect(error.message).toMatch(message);
    });

    test('E08 an inbound rule that is none does not make its canary look unreached', () => {
      const { faults } = faultsOf(
        platformOf(inStaging({ update: canary, inbound: { cidrs: ['999.1.1.1/8'] } })),
      );
      expect(faults.map(({ place }) => place)).toEqual([`${environment}.inbound.cidrs[0]`]);
    });

    test('E08 a bucket name that S3 would find too long', () => {
      const staging = { name: 'staging-of-the-shop', account: '111111111111' };
      const workload = app({ id: 'a-shop-of-twenty-letters', environments: [appIn({ name: staging.name })] });
      const error = faultsOf(
        platformProps({ name: 'platform', environments: [staging], workloads: [workload] }),
      );
      expect(error.faults).toMatchObject([
        {
          place: `${environment}.names.bucket`,
          value: expect.stringContaining('(71 characters)') as unknown,
          allowed: 'bucket names of at most 63 characters',
        },
      ]);
    });

    test('E03 one secret cannot hold the tokens of two accounts', () => {
      const other = app({
        id: 'other',
        registry: { dockerHub: { organization: 'octo-org', username: 'hubot' } },
      });
      const error = faultsOf(platformProps({ workloads: [app({ registry: { dockerHub } }), other] }));
      expect(error.faults).toMatchObject([
        {
          place: 'workloads[1].registry.dockerHub.tokenSecret',
          value: expect.stringContaining('token of hubot, which holds the token of octo-bot') as unknown,
        },
      ]);
      const same = app({ id: 'other', registry: { dockerHub } });
      const { workloads } = definePlatform(
        platformProps({ workloads: [app({ registry: { dockerHub } }), same] }),
      );
      expect(workloads).toHaveLength(2);
    });
  });
}
