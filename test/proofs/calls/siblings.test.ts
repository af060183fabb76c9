import { definePlatform } from '../../../lib';
import { type Artefacts, readArtefacts } from '../../../proofs/artefacts';
import { referenceFor } from '../../../proofs/calls/reference';
import { complete } from '../../../proofs/p04-complete';
import { minimal } from '../../../proofs/p05-minimal';
import { neighbours } from '../../../proofs/p06-neighbours';
import { environmentOf, platformProps, service } from '../../lib/platform-props';
import { build, findResource, resourcesOfStack, type Sources } from '../sample';

const ids = ['infer', 'infer-2'];
let built: Sources;
beforeAll(() => {
  const environments = [environmentOf(), environmentOf({ name: 'production' })];
  const workloads = ids.map((id) => service({ id, environments }));
  built = build(definePlatform(platformProps({ workloads })));
}, 120_000);

const read = async (change: (sample: Sources) => void): Promise<Artefacts> => {
  const sample = structuredClone(built);
  change(sample);
  return readArtefacts(sample, await referenceFor(sample));
};

interface Policies {
  readonly Policies: { readonly PolicyDocument: { readonly Statement: Record<string, unknown>[] } }[];
}
const roleOf = (sample: Sources, name: string) =>
  findResource(sample, 'AWS::IAM::Role', 'RoleName', name).Properties as unknown as Policies;

describe('workloads whose names begin alike', () => {
  test('do not reach each other', async () => {
    const { checked, findings } = neighbours.check(await read(() => undefined));
    expect(findings).toEqual([]);
    expect(checked).toBeGreaterThan(500);
  });

  test('a role that reaches the real sibling is found', async () => {
    const artefacts = await read((sample) => {
      roleOf(sample, 'ml-infer-staging-deploy').Policies[0]?.PolicyDocument.Statement.push({
        Effect: 'Allow',
        Action: 'ecs:UpdateService',
        Resource: 'arn:aws:ecs:us-east-1:111111111111:service/ml-infer-2-staging/*',
      });
    });
    const { findings } = neighbours.check(artefacts);
    expect(findings.map(({ place }) => place)).toContainEqual(
      expect.stringMatching(/^ml-infer-staging\/Deploy /),
    );
    expect(findings[0]?.value).toContain('infer-2');
  });
});

describe('a policy that is split', () => {
  const split = (sample: Sources): void => {
    const role = roleOf(sample, 'ml-infer-staging-deploy');
    const statements = role.Policies[0]?.PolicyDocument.Statement ?? [];
    const document = { Version: '2012-10-17', Statement: statements.splice(4) };
    resourcesOfStack(sample, 'ml-infer-staging').More = {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { PolicyDocument: document },
    };
    Object.assign(role, { ManagedPolicyArns: [{ Ref: 'More' }] });
  };

  test('is read as a whole, and the proof says so', async () => {
    const artefacts = await read(split);
    expect(complete.check(artefacts).findings).toEqual([]);
    const { findings, notes } = minimal.check(artefacts);
    expect(findings).toEqual([]);
    expect(notes).toEqual([expect.stringContaining('split into 2 policies')]);
  });
});
