import { readArtefacts } from '../../proofs/artefacts';
import { coverage } from '../../proofs/calls/coverage';
import { referenceFor } from '../../proofs/calls/reference';
import { names } from '../../proofs/p01-names';
import { complete } from '../../proofs/p04-complete';
import { minimal } from '../../proofs/p05-minimal';
import { neighbours } from '../../proofs/p06-neighbours';
import type { Proof } from '../../proofs/proof';
import { CALL_MUTATIONS } from './mutations/calls';
import { type Sources, sources } from './sample';

const PROOFS: readonly Proof[] = [names, complete, minimal, neighbours];

const read = async (sample: Sources) => readArtefacts(sample, await referenceFor(sample));

// Synthesis takes seconds on a busy machine.
beforeAll(() => {
  sources();
}, 120_000);

describe('the sample platform', () => {
  test.each(PROOFS)('$code has no finding', async ({ check }) => {
    const { checked, findings } = check(await read(sources()));
    expect(findings).toEqual([]);
    expect(checked).toBeGreaterThan(0);
  });

  test('all calls are covered and all grants are used', async () => {
    const roles = coverage(await read(sources()));
    expect(roles).toHaveLength(sources().manifest.roles.length);
    for (const { calls, covered, grants, used } of roles) {
      expect(calls).toBeGreaterThan(0);
      expect([covered, used]).toEqual([calls, grants]);
    }
  });

  test('P06 says what IAM cannot limit', async () => {
    expect(neighbours.check(await read(sources())).notes).toEqual([
      'ec2:DescribeInstances: IAM cannot limit it to a resource',
      'ecr:GetAuthorizationToken: IAM cannot limit it to a resource',
      'ecs:DeregisterTaskDefinition: IAM cannot limit it to a resource',
      'ecs:DescribeTaskDefinition: IAM cannot limit it to a resource',
      'ecs:ListTaskDefinitions: IAM cannot limit it to a resource',
      'sagemaker:ListEndpointConfigs: IAM cannot limit it to a resource',
      'ssm:CancelCommand: IAM cannot limit it to a resource',
      'ssm:DescribeInstanceInformation: IAM cannot limit it to a resource',
      'ssm:GetCommandInvocation: IAM cannot limit it to a resource',
    ]);
  });

  test('the artefacts must have been read with a reference', () => {
    expect(() => complete.check(readArtefacts(sources()))).toThrow('referenceFor');
  });
});

describe('seeded defects', () => {
  test.each(CALL_MUTATIONS.map((mutation) => [`${mutation.owner} ${mutation.name}`, mutation] as const))(
    '%s',
    async (_, { owner, place, apply }) => {
      const sample = sources();
      apply(sample);
      const proof = PROOFS.find(({ code }) => code === owner);
      const found = proof?.check(await read(sample)).findings.map((finding) => finding.place) ?? [];
      expect(found).not.toEqual([]);
      const hit = found.some((each) => (typeof place === 'string' ? each.includes(place) : place.test(each)));
      expect(hit ? place : found).toBe(place);
    },
  );
});
