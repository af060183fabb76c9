import fc from 'fast-check';
import { definePlatform } from '../../lib';
import { workflowFile } from '../../contract';
import { ecsServiceNames, k3sAppNames, sagemakerEndpointNames, stackNames } from '../../lib/names';
import { pipelinesOf } from '../../lib/platform';
import {
  app,
  appIn,
  endpoint,
  endpointIn,
  environmentOf,
  fargate,
  fargateIn,
  faultsOf,
  platformProps,
  type Props,
  service,
} from './platform-props';

type Make = (id: string, environments: readonly string[]) => Props['workloads'][number];

/** A platform in which each of the workloads runs in each of the environments, each environment in its account. */
const crossed = (ids: readonly string[], environments: readonly string[], make: Make = services) =>
  platformProps({
    environments: environments.map((name, index) => ({ name, account: `${111111111111 + index}` })),
    workloads: ids.map((id) => make(id, environments)),
  });
const services = (id: string, environments: readonly string[]) =>
  service({ id, environments: environments.map((name) => environmentOf({ name })) });
// Prefixes without hyphens begin no other; the rule about them has a test of its own.
const endpoints = (id: string, environments: readonly string[]) =>
  endpoint({
    id,
    environments: environments.map((name) =>
      endpointIn({ name, names: { namePrefix: `${id}1${name}`.replaceAll('-', '0') } }),
    ),
  });
const fargates = (id: string, environments: readonly string[]) =>
  fargate({
    id,
    verification: {},
    environments: environments.map((name) => fargateIn({ name, strategy: 'canary' })),
  });
const apps = (id: string, environments: readonly string[]) =>
  app({ id, environments: environments.map((name) => appIn({ name })) });

const word = fc.stringMatching(/^[a-c]{1,2}(-[a-c]{1,2}){0,2}$/);
const words = fc.uniqueArray(word, { minLength: 2, maxLength: 4 });

test.each([
  ['services on GPUs', services, ecsServiceNames, 'throughEnvironments'],
  ['services on Fargate', fargates, ecsServiceNames, 'throughEnvironments'],
  ['endpoints', endpoints, sagemakerEndpointNames, 'byPromotion'],
  [
    'services on K3s',
    apps,
    (platform: string, id: string, name: string) => k3sAppNames(platform, id, name, '111111111111'),
    'throughEnvironments',
  ],
] as const)(
  'names of different %s and environments never meet, or the platform is refused',
  (_, make, namesOf, delivery) => {
    fc.assert(
      fc.property(words, words, (ids, environments) => {
        const props = crossed(ids, environments, make);
        const pairs = ids.flatMap((id) => environments.map((name) => [id, name] as const));
        const stages = environments.map((name) => ({ name, names: namesOf('ml', 'x', name) }));
        const names = [
          ...pairs.map(([id, name]) => namesOf('ml', id, name).deployRole),
          ...pairs.map(([id, name]) => stackNames.target('ml', id, name)),
          ...ids.flatMap((id) =>
            pipelinesOf({ delivery, environments: stages }).map((pipeline) => workflowFile(id, pipeline)),
          ),
        ];
        // Roles and stacks of one pair have one root each.
        const meeting = [names.slice(0, pairs.length), names.slice(2 * pairs.length)].some(
          (list) => new Set(list).size !== list.length,
        );
        if (meeting) expect(faultsOf(props).message).toMatch(/ids that make different (file )?names/);
        else expect(definePlatform(props).workloads).toHaveLength(ids.length);
      }),
    );
  },
);

test('refuses workflow files that meet: of a for the environment deploy, and of a-cd for all', () => {
  const environments = [{ name: 'deploy', account: '111111111111' }];
  const [one, other] = [
    endpoint({ id: 'a', environments: [endpointIn({ name: 'deploy' })] }),
    service({ id: 'a-cd', environments: [environmentOf({ name: 'deploy' })] }),
  ];
  const error = faultsOf(platformProps({ environments, workloads: [one, other] }));
  expect(error.faults.map(({ place, value }) => [place, value])).toContainEqual([
    'workloads[1].id',
    '"a-cd", whose workflow a-cd-deploy.yml is also one of a',
  ]);
  for (const alone of [one, other])
    expect(definePlatform(platformProps({ environments, workloads: [alone] })).workloads).toHaveLength(1);
});

test('fails for a workload that takes the name of a network', () => {
  const error = faultsOf(platformProps({ workloads: [service({ id: 'network' })] }));
  expect(error.message).toContain('"ml-network-staging" like the network of staging');
});

test('E03 refuses an image that is named like that of another workload', () => {
  const error = faultsOf(platformProps({ workloads: [app({ id: 'a' }), service({ id: 'a-api' })] }));
  expect(error.faults.map(({ place, value }) => [place, value])).toContainEqual([
    'workloads[1].id',
    '"a-api": the images of a-api would be named "ml-a-api-images" like the images api of a',
  ]);
});

test('refuses a and b-c beside a-b and c, whose names meet in a-b-c', () => {
  const error = faultsOf(
    platformProps({
      environments: ['b-c', 'c'].map((name) => ({ name, account: '111111111111' })),
      workloads: [
        service({ id: 'a', environments: [environmentOf({ name: 'b-c' })] }),
        service({ id: 'a-b', environments: [environmentOf({ name: 'c' })] }),
      ],
    }),
  );
  expect(error.faults.map(({ place, value }) => [place, value])).toContainEqual([
    'workloads[1].id',
    '"a-b": a-b in c would be named "ml-a-b-c" like a in b-c',
  ]);
  // Either alone is a good platform.
  expect(definePlatform(crossed(['a'], ['b-c', 'c'])).workloads).toHaveLength(1);
  expect(definePlatform(crossed(['a-b'], ['c'])).workloads).toHaveLength(1);
});
