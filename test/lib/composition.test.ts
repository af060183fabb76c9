import { buildPlatform } from '../../lib/build-platform';
import { definePlatform } from '../../lib';
import { environmentOf, platformProps, type Props, service } from './platform-props';

const assemble = (props: Props) => buildPlatform(definePlatform(props)).app.synth();
const both = [environmentOf(), environmentOf({ name: 'production' })];

describe('A09 the stacks of a platform', () => {
  const assembly = assemble(platformProps({ workloads: [service({ environments: both })] }));

  test.each([
    // Images lie in the account of the last environment.
    ['ml-kvs-infer-images', ['ml-access-production']],
    ['ml-kvs-infer-staging', ['ml-access-staging', 'ml-kvs-infer-staging-state', 'ml-network-staging']],
    [
      'ml-kvs-infer-production',
      ['ml-access-production', 'ml-kvs-infer-production-state', 'ml-network-production'],
    ],
    ['ml-network-production', []],
    ['ml-kvs-infer-production-state', []],
  ])('A09 %s is deployed after %j', (name, before) => {
    const stacks = assembly.stacks.map(({ id }) => id);
    const dependencies = assembly.getStackByName(name).dependencies.map(({ id }) => id);
    expect(dependencies.filter((id) => stacks.includes(id)).sort()).toEqual(before);
  });

  test('A09 a provider that is there already is not made again, and roles trust it all the same', () => {
    const [staging, production] = platformProps().environments;
    const { stacks } = assemble(
      platformProps({
        environments: [{ ...staging!, oidcProvider: 'import' }, production!],
        workloads: [service({ environments: both })],
      }),
    );
    const providers = stacks.filter(({ template }) => countOf(template, 'AWS::IAM::OIDCProvider') > 0);
    expect(providers.map(({ stackName }) => stackName)).toEqual(['ml-access-production']);
    const service_ = stacks.find(({ stackName }) => stackName === 'ml-kvs-infer-staging');
    expect(JSON.stringify(service_?.template)).toContain(
      'arn:aws:iam::111111111111:oidc-provider/token.actions.githubusercontent.com',
    );
  });

  test('A09 environments of one account share its provider', () => {
    const { stacks } = assemble(
      platformProps({
        environments: ['staging', 'production'].map((name) => ({ name, account: '111111111111' })),
        workloads: [service({ environments: both })],
      }),
    );
    const access = stacks.map(({ stackName }) => stackName).filter((name) => name.includes('access'));
    expect(access).toEqual(['ml-access-staging']);
  });

  test('A09 there is one network for each environment and region, whatever the number of workloads', () => {
    const { stacks } = assemble(
      platformProps({
        workloads: [
          service({ id: 'one', environments: both }),
          service({ id: 'two', environments: both }),
          service({ id: 'far', region: 'eu-west-1' }),
        ],
      }),
    );
    const networks = stacks.filter(({ template }) => countOf(template, 'AWS::EC2::VPC') > 0);
    expect(networks.map(({ stackName, environment }) => [stackName, environment.name]).sort()).toEqual([
      ['ml-network-production', 'aws://222222222222/us-east-1'],
      ['ml-network-staging', 'aws://111111111111/us-east-1'],
      ['ml-network-staging-eu-west-1', 'aws://111111111111/eu-west-1'],
    ]);
    for (const { template } of networks) expect(countOf(template, 'AWS::EC2::VPC')).toBe(1);
  });
});

function countOf(template: { Resources?: Record<string, { Type: string }> }, type: string): number {
  return Object.values(template.Resources ?? {}).filter(({ Type }) => Type === type).length;
}
