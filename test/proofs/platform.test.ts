import { PROOF_CODES, PROOFS, prove, readForProofs } from '../../proofs';
import { MUTATIONS } from './mutations';
import { build, sources } from './sample';
import platform from '../fixtures/sample-platform';

test('the untouched platform has no finding, and every proof has something to check', async () => {
  const proved = prove(await readForProofs(sources()));
  expect(proved.map(({ code }) => code)).toEqual([...PROOF_CODES]);
  expect(proved.flatMap(({ findings }) => findings)).toEqual([]);
  for (const { checked } of proved) expect(checked).toBeGreaterThan(0);
});

test('a platform with one environment, and one with three, have no finding either', async () => {
  const [staging, production] = platform.environments;
  const [service] = platform.workloads;
  const first = service?.environments[0];
  if (!staging || !production || !service || !first) throw new Error('the sample platform is empty');
  const one = {
    ...platform,
    imageAccount: staging.account,
    environments: [staging],
    workloads: [{ ...service, environments: [first] }],
  };
  const qa = { ...staging, name: 'qa', account: '333333333333' };
  const names = {
    ...first.names,
    deployRole: 'qa-deploy',
    rollbackRole: 'qa-rollback',
    taskRole: 'qa-task',
    executionRole: 'qa-execution',
  };
  const three = {
    ...platform,
    environments: [staging, qa, production],
    workloads: [
      {
        ...service,
        environments: [first, { ...first, name: 'qa', names }, ...service.environments.slice(1)],
      },
    ],
  };
  for (const variant of [one, three]) {
    expect(prove(await readForProofs(build(variant))).flatMap(({ findings }) => findings)).toEqual([]);
  }
});

test('a proof that checks nothing is a finding', async () => {
  const empty = { ...sources(), workflows: [] };
  const proved = prove(await readForProofs(empty));
  expect(proved.find(({ code }) => code === 'P12')?.findings[0]?.value).toBe('nothing that could be checked');
});

describe('seeded defects', () => {
  test('there are at least 60, some for every proof, under names of their own', () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(60);
    expect([...new Set(MUTATIONS.map(({ owner }) => owner))].sort()).toEqual([...PROOF_CODES]);
    const names = MUTATIONS.map(({ owner, name }) => `${owner} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  test('each is found by the proof that owns it at the right place', async () => {
    let killed = 0;
    const survivors: string[] = [];
    for (const { owner, name, place, apply } of MUTATIONS) {
      const sample = sources();
      apply(sample);
      const proof = PROOFS.find(({ code }) => code === owner);
      const findings = proof?.check(await readForProofs(sample)).findings ?? [];
      const found = findings.some((finding) =>
        typeof place === 'string' ? finding.place.includes(place) : place.test(finding.place),
      );
      if (found) killed += 1;
      else survivors.push(`${owner} ${name}`);
    }
    process.stdout.write(`kill rate: ${killed} of ${MUTATIONS.length} seeded defects\n`);
    expect(survivors).toEqual([]);
  });
});
