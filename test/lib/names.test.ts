import fc from 'fast-check';
import { definePlatform } from '../../lib';
import { workloadNames } from '../../lib/names';
import { environmentOf, faultsOf, platformProps, service } from './platform-props';

/** A platform in which each of the workloads runs in each of the environments. */
const crossed = (ids: readonly string[], environments: readonly string[]) =>
  platformProps({
    environments: environments.map((name) => ({ name, account: '111111111111' })),
    workloads: ids.map((id) =>
      service({ id, environments: environments.map((name) => environmentOf({ name })) }),
    ),
  });

test('names of different workloads and environments never meet, or the platform is refused', () => {
  const word = fc.stringMatching(/^[a-c]{1,2}(-[a-c]{1,2}){0,2}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 2, maxLength: 4 }),
      fc.uniqueArray(word, { minLength: 2, maxLength: 4 }),
      (ids, environments) => {
        const props = crossed(ids, environments);
        const names = ids.flatMap((id) =>
          environments.map((name) => workloadNames('ml', id, name).deployRole),
        );
        if (new Set(names).size === names.length)
          expect(definePlatform(props).workloads).toHaveLength(ids.length);
        else expect(faultsOf(props).message).toContain('ids that make different names together');
      },
    ),
  );
});

test('fails for a workload that takes the name of a network', () => {
  const error = faultsOf(platformProps({ workloads: [service({ id: 'network' })] }));
  expect(error.message).toContain('"ml-network-staging" like the network of staging');
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
