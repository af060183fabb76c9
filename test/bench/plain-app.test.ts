import { plainApp } from '../../bench/plain-app';
import { manyServices, SAMPLE } from '../../bench/plain/settings';
import { countTypes, type ResourceTypes } from '../../bench/resource-types';
import { buildPlatform } from '../../lib/build-platform';
import { CDK_CONTEXT } from '../../lib/cdk-context';
import type { GpuService, Platform } from '../../lib/platform';
import sample from '../fixtures/sample-platform';

type Assembly = ReturnType<ReturnType<typeof plainApp>['synth']>;

/** Resource types by stack, so that the floor has the same stacks as well. */
const typesOf = ({ stacks }: Assembly): Record<string, ResourceTypes> =>
  Object.fromEntries(stacks.map(({ stackName, template }) => [stackName, countTypes([template])]));

const context = { ...CDK_CONTEXT };

test('the floor of the benchmark has the same stacks and resources as the sample platform', () => {
  const floor = typesOf(plainApp(SAMPLE, { context }).synth());
  expect(floor).toEqual(typesOf(buildPlatform(sample).app.synth()));
});

test('it does for generated platforms too', () => {
  const found = sample.workloads.find((workload): workload is GpuService => workload.kind === 'gpuService');
  const staging = sample.environments.find(({ name }) => name === 'staging');
  const [deployment] = found?.environments ?? [];
  if (!found || !staging || !deployment) throw new Error('the sample platform is empty');
  // Generated platforms have none.
  const { gpuCheck: _, ...service } = found;
  const platform: Platform = {
    ...sample,
    imageAccount: staging.account,
    environments: [staging],
    workloads: manyServices(3).services.map(({ id }) => ({
      ...service,
      id,
      images: [{ ...service.images[0], id }],
      environments: [deployment],
    })),
  };
  const floor = typesOf(plainApp(manyServices(3), { context }).synth());
  expect(floor).toEqual(typesOf(buildPlatform(platform).app.synth()));
});
