import { GPU_INSTANCE_TYPES, tasksPerInstance } from '../../constructs/gpu-cluster/gpu-instance-types';
import { type Artefacts, parseWorkflow, readArtefacts, type TemplateSource } from '../../proofs/artefacts';
import { INSTANCE_CAPACITY, placesOn } from '../../proofs/flow/capacity/instance-types';
import { occurrencesOf } from '../../proofs/flow/occurrences';
import { namesVariable, outputsOfScript, variablesOfScript } from '../../proofs/flow/scripts';
import { P07 } from '../../proofs/p07-session';
import { P08 } from '../../proofs/p08-reach';
import { P09 } from '../../proofs/p09-way-back';
import { P10 } from '../../proofs/p10-capacity';
import { P11 } from '../../proofs/p11-inputs';
import { P12 } from '../../proofs/p12-pins';
import type { Proof } from '../../proofs/proof';
import { FLOW_MUTATIONS } from './mutations/flow';
import { type Sources, sources } from './sample';

const PROOFS: readonly Proof[] = [P07, P08, P09, P10, P11, P12];
const proof = (code: string): Proof => {
  const found = PROOFS.find((one) => one.code === code);
  if (!found) throw new Error(`no ${code} in this group`);
  return found;
};

const { files, ...beside } = sources();
const sample = readArtefacts({ ...beside, files });

describe('the sample platform', () => {
  test.each(PROOFS)('$code $name has no finding', (one) => {
    const { checked, findings } = one.check(sample);
    expect(findings).toEqual([]);
    expect(checked).toBeGreaterThan(0);
  });

  test('P10 lists the quotas that the groups need at their maximum', () => {
    expect(P10.check(sample).notes).toEqual([
      'ml-platform-kvs-infer-staging/Service/Service/Service: all instances are on Spot, which AWS may take away at once; it is to have at least 1 task and may have none for a while',
      'quota needed in account 222222222222, us-east-1: 20 vCPUs of "Running On-Demand G and VT instances" (L-DB2E81BA): 5 × g4dn.xlarge with 4',
      'quota needed in account 111111111111, us-east-1: 48 vCPUs of "Running On-Demand G and VT instances" (L-DB2E81BA): 1 × g4dn.xlarge or g4dn.2xlarge or g4dn.12xlarge with 48 for the GPU check of kvs-infer',
      'quota needed in account 111111111111, us-east-1: 16 vCPUs of "All G and VT Spot Instance Requests" (L-3819A6DF): 2 × g4dn.xlarge or g4dn.2xlarge with 8',
      'quota needed in account 333333333333, eu-west-2: 0.5 vCPUs of "Fargate On-Demand vCPU resource count" (L-3032A538): ml-platform-devops-day3-app-dev/Service/Service/Service 2 tasks with 0.25, while ROLLING updates 1 of them',
      'quota needed in account 222222222222, eu-west-2: 2 vCPUs of "Fargate On-Demand vCPU resource count" (L-3032A538): ml-platform-devops-day3-app-production/Service/Service/Service 8 tasks with 0.25, while ROLLING updates 4 of them',
      'quota needed in account 111111111111, eu-west-2: 0.5 vCPUs of "Fargate On-Demand vCPU resource count" (L-3032A538): ml-platform-devops-day3-app-staging/Service/Service/Service 2 tasks with 0.25, while ROLLING updates 1 of them',
      'quota needed in account 111111111111, ca-central-1: "ml.m5.large for endpoint usage" 4: ml-platform-bikeshare-staging 2 and 2 more while AllAtOnce updates it',
      'quota needed in account 222222222222, ca-central-1: "ml.m5.large for endpoint usage" 8: ml-platform-bikeshare-production 4 and 4 more while Canary updates it',
    ]);
  });
});

describe('seeded defects', () => {
  test.each(FLOW_MUTATIONS)('$owner finds $name', ({ owner, place, apply }) => {
    const changed = sources();
    apply(changed);
    const before = new Set(
      proof(owner)
        .check(sample)
        .findings.map((one) => JSON.stringify(one)),
    );
    const findings = proof(owner)
      .check(readArtefacts(changed))
      .findings.filter((one) => !before.has(JSON.stringify(one)));
    const places = findings.map((one) => one.place);
    expect(
      places.filter((one) => (typeof place === 'string' ? one.includes(place) : place.test(one))),
    ).not.toEqual([]);
    for (const { value, allowed, change } of findings) {
      for (const text of [value, allowed, change]) expect(text.trim()).not.toBe('');
    }
  });

  test('each proof has defects of its own', () => {
    expect([...new Set(FLOW_MUTATIONS.map(({ owner }) => owner))].sort()).toEqual(
      PROOFS.map(({ code }) => code),
    );
    const names = FLOW_MUTATIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** Artefacts of one workflow file, beside the manifest of the sample. */
function withWorkflow(text: string): Artefacts {
  return { ...sample, resources: [], workflows: [parseWorkflow({ file: 'x.yml', text })] };
}

const findingsIn = (one: Proof, text: string): string[] =>
  one
    .check(withWorkflow(text))
    .findings.filter(({ place }) => place.startsWith('x.yml'))
    .map(({ place, value }) => `${place}: ${value}`);

const JOB = 'runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps: [{ run: "true" }]';

describe('P08 evaluates conditions as GitHub does', () => {
  const reach = (on: string, jobs: string): string[] => findingsIn(P08, `on: ${on}\njobs:\n${jobs}`);
  const one = (id: string, more: string): string => `  ${id}:\n    ${more}\n    ${JOB}\n`;

  test('a job after a skipped one is skipped too, at any distance', () => {
    const jobs = one('a', 'if: false') + one('b', 'needs: a\n    if: always()') + one('c', 'needs: b');
    expect(reach('push', jobs)).toEqual(['x.yml:3 a: if: false', 'x.yml:14 c: a job that never runs']);
  });

  test('a status function anywhere in the condition takes the place of success()', () => {
    const jobs =
      one('a', 'if: false') +
      one('b', "needs: a\n    if: ${{ !cancelled() && github.event_name == 'push' }}") +
      one('c', "needs: a\n    if: github.event_name == 'push'");
    expect(reach('push', jobs)).toEqual([
      'x.yml:3 a: if: false',
      "x.yml:14 c: if: github.event_name == 'push'",
    ]);
  });

  test('failure() sees every job before, not only those that are needed directly', () => {
    const jobs = one('a', 'name: A') + one('b', 'needs: a') + one('c', 'needs: b\n    if: failure()');
    expect(reach('push', jobs)).toEqual([]);
  });

  test('texts are compared without regard to case, and contains looks into lists', () => {
    const jobs = one('a', `if: contains(fromJSON('["PUSH"]'), github.event_name)`);
    expect(reach('push', jobs)).toEqual([]);
  });

  test('outputs of jobs are guessed from what conditions compare them with', () => {
    const jobs =
      one('a', 'outputs: { changed: x }') +
      one('b', "needs: a\n    if: needs.a.outputs.changed == 'true'") +
      one('c', "needs: a\n    if: needs.a.outputs.changed == 'true' && needs.a.outputs.changed == 'false'");
    expect(reach('push', jobs)).toEqual([
      "x.yml:14 c: if: needs.a.outputs.changed == 'true' && needs.a.outputs.changed == 'false'",
    ]);
  });

  test('a member that is chosen by a value is a finding, not a pass', () => {
    const jobs = one('a', 'if: needs[github.actor].result');
    expect(reach('push', jobs)).toEqual([
      'x.yml: conditions read a member that is chosen by a value: needs[github.actor].result',
    ]);
  });

  test.each([
    ['an unknown function', 'nope()', "Unrecognized function: 'nope'"],
    ['an unknown context', "secrets.X == 'y'", "Unrecognized named-value: 'secrets'"],
    ['a steps context in a job', "steps.a.outcome == 'success'", "Unrecognized named-value: 'steps'"],
    ['files, which no job has yet', "hashFiles('a') != ''", "Unrecognized function: 'hashFiles'"],
  ])('%s is refused', (_name, condition, message) => {
    expect(reach('push', one('a', `if: ${condition}`)).join()).toContain(message);
  });

  test('text around an expression is always true', () => {
    expect(reach('push', one('a', 'if: "${{ false }} "')).join()).toContain('which is always true');
  });

  test('pull requests, schedules and calls reach what they reach', () => {
    const jobs =
      one('a', "if: github.event_name != 'schedule'") + one('b', "if: github.event_name == 'schedule'");
    expect(reach('{ pull_request: {}, schedule: [{ cron: "0 5 * * *" }] }', jobs)).toEqual([]);
    expect(reach('pull_request', one('a', "if: github.event_name == 'push'")).join()).toContain(
      'starts no job',
    );
  });

  test('a filter that takes no name is a trigger that starts nothing', () => {
    expect(reach('{ push: { branches: [a, "!a"] } }', one('a', 'name: A')).join()).toContain(
      'starts nothing',
    );
    const jobs = one('a', "if: github.event_name == 'push'");
    expect(reach('{ workflow_dispatch: { inputs: { e: { type: choice } } } }', jobs).join()).toContain(
      'starts nothing',
    );
  });

  test('a workflow that others call sees the event of its caller', () => {
    const jobs = one('a', "if: github.event_name == 'push'") + one('b', "if: github.event_name != 'push'");
    expect(reach('workflow_call', jobs)).toEqual([]);
  });

  test('a file that YAML cannot read is a finding', () => {
    expect(reach('push', '  a: {').join()).toContain('x.yml');
  });

  test('many jobs side by side are looked at with few failures at a time', () => {
    const ids = Array.from({ length: 12 }, (_, index) => `t${index}`);
    const jobs =
      ids.map((id) => one(id, 'name: T')).join('') +
      one('all', `needs: [${ids.join(', ')}]\n    if: failure()`);
    const { findings, notes } = P08.check(withWorkflow(`on: push\njobs:\n${jobs}`));
    expect(findings.filter(({ place }) => place.startsWith('x.yml'))).toEqual([]);
    expect(notes?.join()).toContain('at most two failures');
  });

  test('a command whose verb only the run knows is a finding', () => {
    const jobs = one('a', 'env: { VERB: deploy }').replace(
      'run: "true"',
      'run: node .lockstep/cli.mjs "$VERB" x',
    );
    expect(reach('push', jobs)).toEqual(['x.yml:7 a/step 1: $VERB']);
  });
});

describe('occurrences', () => {
  const names = (on: string): string[] => {
    const workflow = parseWorkflow({ file: 'x.yml', text: `on: ${on}\njobs: {}` });
    return occurrencesOf(workflow, sample.manifest).map(({ name }) => name);
  };

  test.each([
    ['push', ['push of main', 'push of the tag v1.2.3']],
    ['{ push: { branches: [main, "release/**"] } }', ['push of main', 'push of release/1/2']],
    ['{ push: { tags: ["v*"] } }', ['push of the tag v1.2.3']],
    ['{ push: { branches-ignore: [main] } }', ['push of another']],
    ['{ push: { branches: ["**", "!main"] } }', ['push of 1/2']],
    [
      '{ workflow_dispatch: { inputs: { e: { type: choice, options: [a, b] }, f: { type: boolean } } } }',
      ['e=a f=true', 'e=a f=false', 'e=b f=true', 'e=b f=false'].map((text) => `workflow_dispatch ${text}`),
    ],
    [
      '{ workflow_dispatch: { inputs: { e: { type: environment } } } }',
      ['dev', 'staging', 'production'].map((name) => `workflow_dispatch e=${name}`),
    ],
  ])('%s', (on, expected) => {
    expect(names(on)).toEqual(expected);
  });

  test('many inputs are varied one by one', () => {
    const inputs = Array.from({ length: 8 }, (_, index) => `i${index}: { type: boolean }`).join(', ');
    expect(names(`{ workflow_dispatch: { inputs: { ${inputs} } } }`)).toHaveLength(16);
  });
});

describe('P11 reads scripts', () => {
  test.each([
    ['echo "a=$b" >> "$GITHUB_OUTPUT"', ['a'], 0],
    ['echo a=1 >> $GITHUB_OUTPUT; printf "b=%s\\n" 2 >> "${GITHUB_OUTPUT}"', ['a', 'b'], 0],
    ['{\n  echo "a<<END"\n  cat file\n  echo END\n  echo "b=1"\n} >> "$GITHUB_OUTPUT"', ['a', 'b'], 0],
    ['echo "a=1"', [], 0],
    ['python write.py >> "$GITHUB_OUTPUT"', [], 1],
  ])('%s', (script, names, unread) => {
    const outputs = outputsOfScript(script);
    expect(outputs.names).toEqual(names);
    expect(outputs.unread).toHaveLength(unread);
  });

  test.each([
    ['echo "$A" ${B} ${C:+x} "${#D}"', ['A', 'B', 'C', 'D']],
    ["echo '$A' # $B", []],
    ['a=1; echo "$a $GITHUB_SHA $HOME ${X:-y} $1 $?"', []],
    ['for f in *; do read -r line; echo "$f $line $g"; done', ['g']],
  ])('variables of %s', (script, expected) => {
    expect(variablesOfScript(script)).toEqual(expected);
  });

  test('a name that only begins like another one is not that one', () => {
    expect(namesVariable('echo "$IMAGES"', 'IMAGE')).toBe(false);
    expect(namesVariable('python -c \'import os; os.environ["IMAGE"]\'', 'IMAGE')).toBe(true);
    expect(namesVariable('echo "${IMAGE:-none}"', 'IMAGE')).toBe(true);
  });

  const inputs = (jobs: string, top = ''): string[] => findingsIn(P11, `on: push\n${top}jobs:\n${jobs}`);
  const steps = (text: string): string => `  a:\n    steps:\n${text.replace(/^/gm, '      ')}\n`;

  test.each([
    ['secrets as a whole', '- run: x\n  env: { A: "${{ toJSON(secrets) }}" }', 'secrets'],
    [
      'a step that comes later',
      '- run: echo "$A"\n  env: { A: "${{ steps.b.outputs.c }}" }\n- id: b\n  run: x',
      'steps.b',
    ],
    [
      'a misspelt name of github',
      '- run: echo "$A"\n  env: { A: "${{ github.evnt_name }}" }',
      'github.evnt_name',
    ],
    [
      'an action that nobody reviewed',
      '- id: b\n  uses: a/b@c\n- run: echo "$A"\n  env: { A: "${{ steps.b.outputs.c }}" }',
      'steps.b',
    ],
    [
      'outputs that cannot be read',
      '- id: b\n  run: python x >> "$GITHUB_OUTPUT"\n- run: echo "$A"\n  env: { A: "${{ steps.b.outputs.c }}" }',
      'steps.b',
    ],
    ['an expression that cannot be read', '- run: echo "$A"\n  env: { A: "${{ github. }}" }', 'github.'],
    ['a matrix without the name', '- run: echo "$A"\n  env: { A: "${{ matrix.os }}" }', 'matrix.os'],
    ['a variable with an empty fallback of nobody', '- run: node x ${A:+--flag "$A"}', '$A'],
  ])('%s', (_name, text, value) => {
    expect(inputs(steps(text)).join('\n')).toContain(value);
  });

  test.each([
    ['env of the workflow', steps('- run: echo "$A"'), 'env: { A: b }\n'],
    [
      'GITHUB_TOKEN for gh',
      steps('- run: gh pr list\n  env: { GH_TOKEN: "${{ secrets.GITHUB_TOKEN }}" }'),
      '',
    ],
    ['env.X in a condition', steps("- if: env.A == 'b'\n  run: x\n  env: { A: b }"), ''],
    [
      'the matrix',
      `  a:\n    strategy: { matrix: { os: [x] } }\n    steps:\n      - run: echo "$A"\n        env: { A: "\${{ matrix.os }}" }\n`,
      '',
    ],
    ['GITHUB_ENV', steps('- run: echo "A=b" >> "$GITHUB_ENV"\n- run: echo "$A"'), ''],
  ])('%s is well', (_name, text, top) => {
    expect(inputs(text, top)).toEqual([]);
  });
});

describe('P12', () => {
  const DIGEST = `@sha256:${'0123456789abcdef'.repeat(4)}`;
  const pins = (job: string): string[] =>
    findingsIn(P12, `on: push\njobs:\n  a:\n${job.replace(/^/gm, '    ')}\n`);

  test.each([
    ['an action of this repository', 'steps:\n  - uses: ./.github/actions/x'],
    ['an image by digest', `steps:\n  - uses: docker://alpine:3${DIGEST}`],
    ['a container by digest', `container: { image: 'node:20${DIGEST}' }\nsteps: []`],
    ['a service by digest', `services: { db: { image: 'postgres:17${DIGEST}' } }\nsteps: []`],
    ['a workflow of this repository', 'uses: ./.github/workflows/y.yml'],
  ])('%s is well', (_name, job) => {
    expect(pins(job)).toEqual([]);
  });

  test.each([
    ['a service by tag', 'services: { db: { image: postgres:17 } }\nsteps: []'],
    ['a short digest', 'container: node:20@sha256:abc\nsteps: []'],
    ['an image that an input chooses', 'container: ${{ inputs.image }}\nsteps: []'],
    ['a workflow of somebody else', 'uses: octo/ci/.github/workflows/x.yml@main'],
    ['a short commit', 'steps:\n  - uses: actions/checkout@3d3c42e'],
    ['no version at all', 'steps:\n  - uses: actions/checkout'],
    [
      'a skipped download that nothing replaces',
      'steps:\n  - uses: aquasecurity/trivy-action@ed142fd0673e97e23eac54620cfb913e5ce36c25 # v0.36.0\n    with: { skip-setup-trivy: true }',
    ],
  ])('%s is a finding', (_name, job) => {
    expect(pins(job)).toHaveLength(1);
  });
});

describe('P07', () => {
  test('a job that calls another workflow has no timeout of its own, which is said', () => {
    const { findings, notes } = P07.check(
      withWorkflow('on: push\njobs:\n  a:\n    uses: ./.github/workflows/y.yml\n'),
    );
    expect(findings).toEqual([]);
    expect(notes).toEqual(['x.yml:3 a calls another workflow, which sets the timeouts itself']);
  });

  test('a timeout that is an expression cannot be held against anything', () => {
    const text = 'on: push\njobs:\n  a:\n    timeout-minutes: ${{ fromJSON(vars.T) }}\n    steps: []\n';
    expect(findingsIn(P07, text)).toEqual(['x.yml:3 a: a timeout that is no number']);
  });

  test('a session of a role that no template makes cannot be judged', () => {
    const text =
      'on: push\njobs:\n  a:\n    timeout-minutes: 5\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v6\n        with: { role-to-assume: "arn:aws:iam::111111111111:role/admin" }\n';
    expect(findingsIn(P07, text).join()).toContain('role/admin');
  });
});

describe('P10 counts', () => {
  interface Shape {
    readonly tasks: readonly [min: number, max: number];
    readonly maxInstances: number;
    readonly minimum?: number;
    readonly maximum?: number;
    readonly more?: Record<string, unknown>;
    readonly type?: string;
  }

  const serviceOf = (name: string, { tasks, minimum = 100, maximum = 200, more = {} }: Shape) => ({
    [name]: {
      Type: 'AWS::ECS::Service',
      Properties: {
        CapacityProviderStrategy: [{ CapacityProvider: { Ref: 'Provider' } }],
        TaskDefinition: { Ref: 'Definition' },
        DeploymentConfiguration: { MinimumHealthyPercent: minimum, MaximumPercent: maximum },
        ...more,
      },
    },
    [`${name}Count`]: {
      Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      Properties: {
        ServiceNamespace: 'ecs',
        MinCapacity: tasks[0],
        MaxCapacity: tasks[1],
        ResourceId: { 'Fn::Join': ['', ['service/c/', { 'Fn::GetAtt': [name, 'Name'] }]] },
      },
    },
  });

  const template = (shapes: readonly Shape[]): TemplateSource => {
    const [first] = shapes;
    return {
      stack: 's',
      account: '111111111111',
      region: 'eu-west-1',
      body: {
        Resources: {
          ...Object.assign({}, ...shapes.map((shape, index) => serviceOf(`Service${index}`, shape))),
          Provider: {
            Type: 'AWS::ECS::CapacityProvider',
            Properties: { AutoScalingGroupProvider: { AutoScalingGroupArn: { Ref: 'Group' } } },
          },
          Group: {
            Type: 'AWS::AutoScaling::AutoScalingGroup',
            Properties: {
              MaxSize: String(first?.maxInstances),
              LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } },
            },
          },
          Template: {
            Type: 'AWS::EC2::LaunchTemplate',
            Properties: { LaunchTemplateData: { InstanceType: first?.type ?? 'g4dn.xlarge' } },
          },
          Definition: {
            Type: 'AWS::ECS::TaskDefinition',
            Properties: {
              ContainerDefinitions: [
                { Cpu: 1024, Memory: 4096, ResourceRequirements: [{ Type: 'GPU', Value: '1' }] },
                { Memory: 512, MemoryReservation: 128 },
              ],
            },
          },
        },
      },
    };
  };

  const findings = (...shapes: Shape[]) =>
    P10.check(
      readArtefacts({ manifest: sample.manifest, templates: [template(shapes)], workflows: [], files }),
    ).findings;

  test('and explains itself in arithmetic', () => {
    expect(findings({ tasks: [2, 2], maxInstances: 2 })).toEqual([
      {
        place: 's/Service0',
        value:
          "2 tasks × 1 GPU run on 2 × g4dn.xlarge; a rolling update with minimum 100 % needs one free GPU, the group's maximum is 2",
        allowed: 'room for the first step of an update at every number of tasks that the service may have',
        change: 'set instances.max to 3 or minimumHealthyPercent to 50',
      },
    ]);
  });

  test.each<[string, Shape, number]>([
    ['one more instance', { tasks: [2, 2], maxInstances: 3 }, 0],
    ['half of the tasks may stop', { tasks: [2, 2], maxInstances: 2, minimum: 50 }, 0],
    [
      'a minimum is rounded up: one task cannot be halved',
      { tasks: [1, 1], maxInstances: 1, minimum: 50 },
      1,
    ],
    [
      'a maximum is rounded down: 150 % of one task is one',
      { tasks: [1, 1], maxInstances: 2, maximum: 150 },
      1,
    ],
    ['four GPUs on one instance', { tasks: [3, 3], maxInstances: 1, type: 'g4dn.12xlarge' }, 0],
    ['four GPUs, all taken', { tasks: [4, 4], maxInstances: 1, type: 'g4dn.12xlarge' }, 1],
    [
      'both versions at once',
      { tasks: [2, 2], maxInstances: 4, more: { DeploymentConfiguration: { Strategy: 'CANARY' } } },
      0,
    ],
    [
      'not both versions at once',
      { tasks: [2, 2], maxInstances: 3, more: { DeploymentConfiguration: { Strategy: 'LINEAR' } } },
      1,
    ],
    [
      'an unknown strategy',
      { tasks: [1, 1], maxInstances: 3, more: { DeploymentConfiguration: { Strategy: 'MAGIC' } } },
      1,
    ],
    [
      'a controller of somebody else',
      { tasks: [1, 1], maxInstances: 3, more: { DeploymentController: { Type: 'CODE_DEPLOY' } } },
      1,
    ],
    [
      'two providers',
      {
        tasks: [1, 1],
        maxInstances: 3,
        more: {
          CapacityProviderStrategy: [
            { CapacityProvider: { Ref: 'Provider' } },
            { CapacityProvider: { Ref: 'Other' } },
          ],
        },
      },
      1,
    ],
    [
      'a GPU, and memory of another size, on Fargate',
      { tasks: [1, 1], maxInstances: 1, more: { LaunchType: 'FARGATE' } },
      2,
    ],
    ['only the largest number of tasks does not fit', { tasks: [1, 4], maxInstances: 4 }, 1],
  ])('%s', (_name, shape, count) => {
    expect(findings(shape)).toHaveLength(count);
  });

  test('what several services of one group may take together', () => {
    const shape: Shape = { tasks: [1, 1], maxInstances: 2 };
    expect(findings(shape)).toEqual([]);
    expect(findings(shape, shape).map(({ value }) => value)).toEqual([
      "1 task × 1 GPU run on 1 × g4dn.xlarge; a rolling update with minimum 100 % needs one free GPU, the group's maximum is 2, of which 1 are for other services",
      "1 task × 1 GPU run on 1 × g4dn.xlarge; a rolling update with minimum 100 % needs one free GPU, the group's maximum is 2, of which 1 are for other services",
    ]);
  });

  test('from a table of its own, which agrees with that of the constructs', () => {
    expect(INSTANCE_CAPACITY).toEqual(GPU_INSTANCE_TYPES);
    for (const [name, type] of Object.entries(GPU_INSTANCE_TYPES)) {
      for (const size of [
        { gpus: 1, cpu: 1024, memoryMib: 4096 },
        { gpus: 2, cpu: 8192, memoryMib: 16_384 },
        { gpus: 1, cpu: 3072, memoryMib: 60_000 },
      ]) {
        const capacity = INSTANCE_CAPACITY[name];
        expect(capacity && placesOn(capacity, size).places).toBe(tasksPerInstance(type, size).tasks);
      }
    }
  });
});

describe('P09', () => {
  const swapped = (apply: (changed: Sources) => void): string[] => {
    const changed = sources();
    apply(changed);
    return P09.check(readArtefacts(changed)).findings.map(({ value }) => value);
  };

  test('a rollback that runs for cancelled deployments too is no finding', () => {
    const found = swapped((changed) => {
      changed.workflows = changed.workflows.map(({ file, text }) => ({
        file,
        text: text.replace(
          "failure() && needs.deploy-staging.result == 'failure'",
          'always() && contains(fromJSON(\'["failure", "cancelled"]\'), needs.deploy-staging.result)',
        ),
      }));
    });
    expect(found).toEqual([]);
  });

  test('a condition that nobody can follow is a finding', () => {
    const found = swapped((changed) => {
      changed.workflows = changed.workflows.map(({ file, text }) => ({
        file,
        text: text.replace(
          "failure() && needs.deploy-staging.result == 'failure'",
          "failure() && needs[github.actor].result == 'failure'",
        ),
      }));
    });
    expect(found.join()).toContain('a condition that cannot be followed');
  });
});
