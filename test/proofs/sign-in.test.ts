import { type ArtefactSources, readArtefacts } from '../../proofs/artefacts';
import { isFederated, promisedSignIns, readTrust, strangersOf, switchedOff } from '../../proofs/claims';
import { signInProof } from '../../proofs/p02-sign-in';
import { strangersProof } from '../../proofs/p03-strangers';
import { SIGN_IN_MUTATIONS as mutations } from './mutations/sign-in';
import { ISSUER, roleNamed, trustOf } from './mutations/trust';
import { sources } from './sample';

const proofs = { P02: signInProof, P03: strangersProof } as const;
const check = (of: ArtefactSources, code: keyof typeof proofs) => proofs[code].check(readArtefacts(of));

describe('P02 and P03 on the sample platform', () => {
  const sample = readArtefacts(sources());

  test.each([signInProof, strangersProof])('$code has no finding and no note', (proof) => {
    const { checked, findings, notes } = proof.check(sample);
    expect(findings).toEqual([]);
    expect(notes).toEqual([]);
    expect(checked).toBeGreaterThan(50);
  });

  test('P03 tries at least 40 kinds of strangers on each role, each with a name and a reason', () => {
    const { signIns } = promisedSignIns(sample.workflows, sample.manifest.repository);
    const federated = sample.roles.filter(({ trust }) => isFederated(trust));
    expect(federated.map(({ name }) => name).sort()).toEqual(
      sample.manifest.roles.map(({ name }) => name).sort(),
    );
    for (const role of federated) {
      const own = signIns.filter((signIn) => signIn.role === role.arn);
      const strangers = strangersOf(role, own, sample);
      expect(new Set(strangers.map(({ name }) => name)).size).toBeGreaterThanOrEqual(40);
      expect(new Set(strangers.map(({ family }) => family)).size).toBe(7);
      for (const { name, reason } of strangers) {
        expect(name).not.toBe('');
        expect(reason).toMatch(/^[^\n]{8,}$/);
      }
    }
  });

  test('neither proof changes what it reads', () => {
    const before = JSON.stringify(sources());
    const copy = sources();
    signInProof.check(readArtefacts(copy));
    strangersProof.check(readArtefacts(copy));
    expect(JSON.stringify(copy)).toBe(before);
  });
});

describe('mutations of signing in', () => {
  test('there are at least 22, each under its own name', () => {
    expect(mutations.length).toBeGreaterThanOrEqual(22);
    expect(new Set(mutations.map(({ name }) => name)).size).toBe(mutations.length);
  });

  test.each(mutations.map((mutation) => [mutation.owner, mutation.name, mutation] as const))(
    '%s finds: %s',
    (owner, _, { apply, place }) => {
      const mutated = sources();
      apply(mutated);
      if (owner !== 'P02' && owner !== 'P03') throw new Error(`${owner} is tested elsewhere`);
      const { findings } = check(mutated, owner);
      const places = findings.map((finding) => finding.place);
      expect(places).toEqual(
        expect.arrayContaining([
          typeof place === 'string' ? expect.stringContaining(place) : expect.stringMatching(place),
        ]),
      );
      for (const finding of findings) {
        for (const field of ['value', 'allowed', 'change'] as const) expect(finding[field]).not.toBe('');
      }
    },
  );
});

// Several rules catch the same defect; here each has to speak for itself.
describe('each rule on its own', () => {
  const findingsOf = (name: string, code: keyof typeof proofs = 'P03') => {
    const mutated = sources();
    const mutation = mutations.find((candidate) => candidate.name === name);
    if (!mutation) throw new Error(`no mutation ${name}`);
    mutation.apply(mutated);
    return check(mutated, code).findings;
  };

  test.each([
    ['IfExists', /^StringEquals, and StringLike for the end of a ref/],
    ['repository id by pattern', /^StringLike on sub and job_workflow_ref only/],
    ['star in the environment', /^one \* at the very end/],
    ['account beside the provider', /oidc-provider\/[^,]*, alone$/],
    ['second provider', /oidc-provider\/[^,]*, alone$/],
    ['second action', /^sts:AssumeRoleWithWebIdentity$/],
    ['audience not tested', /^StringEquals on .*:aud$/],
    ['subject not tested', /^StringEquals on .*:sub$/],
    ['subject of another repository', /^what jobs that sign in to ml-platform-kvs-infer-staging-deploy have/],
    ['another workflow file', /^what jobs that sign in/],
  ])('the form of a trust: %s', (name, allowed) => {
    expect(findingsOf(name).map((finding) => finding.allowed)).toContainEqual(expect.stringMatching(allowed));
  });

  test.each([
    ['star behind the owner', /owner with a suffix/],
    ['subject without regard to case', /repository in capitals/],
    ['every branch', /other branch/],
    ['star in the environment', /environment production-rollback-evil|environment with a suffix/],
    ['every tag', /other tag|tag of digits/],
    ['workflow file on every ref', /same file on/],
    ['workflow file not tested in one statement', /new workflow file/],
    ['owner id not tested in one statement', /recycled owner name/],
    ['IfExists', /no owner id/],
    ['second audience', /audience of a signing service/],
    ['audience not tested', /no audience/],
    ['star behind the repository', /subject with the workflow file/],
    ['second provider', /GitLab/],
    ['provider of an enterprise', /issuer of an enterprise/],
    ['provider of another account', /GitHub provider of account 222222222222/],
    ['second action', /sts:TagSession with our claims/],
  ])('strangers are let in: %s', (name, stranger) => {
    const values = findingsOf(name).map((finding) => finding.value);
    expect(values.filter((value) => value.includes(' lets in: '))).toContainEqual(
      expect.stringMatching(stranger),
    );
  });

  test('a trust that cannot be read is a finding of both proofs', () => {
    for (const code of ['P02', 'P03'] as const) {
      const places = findingsOf('subject known at deployment only', code).map(({ place }) => place);
      expect(places).toContainEqual(expect.stringContaining('trust of policy'));
    }
  });

  test('a job that signs in to the wrong role is told the right one', () => {
    const [finding] = findingsOf('two role ARNs are swapped', 'P02');
    expect(finding?.change).toMatch(/such as arn:aws:iam::222222222222:role\/ml-platform-kvs-infer-/);
  });

  test.each([
    [{ Principal: { Federated: 'x' }, Action: 'sts:AssumeRole' }, true],
    [{ Principal: { Service: 'x' }, Action: ['sts:AssumeRoleWithSAML'] }, true],
    [{ Principal: { AWS: 'x' }, Action: 'sts:Assume*' }, true],
    [{ Principal: '*', Action: 'sts:AssumeRole' }, true],
    [{ Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }, false],
  ])('%j is about identity providers: %s', (statement, federated) => {
    expect(isFederated({ Statement: [statement] })).toBe(federated);
  });
});

describe('switches', () => {
  const without = (...claims: string[]) => {
    const sample = sources();
    for (const role of ['ml-platform-kvs-infer-publish', 'ml-platform-kvs-infer-staging-deploy']) {
      for (const { Condition = {} } of trustOf(roleNamed(sample, role))) {
        for (const keys of Object.values(Condition)) {
          for (const claim of claims) Reflect.deleteProperty(keys, `${ISSUER}:${claim}`);
        }
      }
    }
    return sample;
  };

  test('a role without job_workflow_ref gives notes that say who gets in', () => {
    const sample = without('job_workflow_ref');
    const role = readArtefacts(sample).roles.find(({ name }) => name === 'ml-platform-kvs-infer-publish');
    const { policy } = readTrust(role ?? { place: '', name: '', trust: null });
    expect(policy && switchedOff(policy)).toEqual(['job_workflow_ref']);
    expect(check(sample, 'P02').notes?.join('\n')).toMatch(/without a test of job_workflow_ref.*publish/);
    const { findings, notes } = check(sample, 'P03');
    expect(notes?.join('\n')).toMatch(/publish.*: without job_workflow_ref, any workflow file/);
    expect(notes?.join('\n')).toMatch(/new workflow file/);
    expect(findings.filter(({ place }) => place.includes('Publish'))).toEqual([]);
  });

  test('a role without ids gives notes about recycled names, and no finding', () => {
    const { findings, notes } = check(without('repository_id', 'repository_owner_id'), 'P03');
    expect(findings).toEqual([]);
    expect(notes?.join('\n')).toMatch(/without repository ids.*recycled owner name/);
  });

  test('without known ids only the legacy subject is tried', () => {
    const sample = sources();
    const { owner, name, defaultBranch } = sample.manifest.repository;
    sample.manifest = { ...sample.manifest, repository: { owner, name, defaultBranch } };
    expect(check(sample, 'P02').notes).toContainEqual(expect.stringMatching(/only the legacy subject/));
  });

  test('an imported provider is a note', () => {
    const sample = sources();
    sample.templates = sample.templates.filter(({ stack }) => !stack.includes('access-staging'));
    const { findings, notes } = check(sample, 'P02');
    expect(findings).toEqual([]);
    expect(notes).toContainEqual(expect.stringContaining('account 111111111111 must have the provider'));
  });
});
