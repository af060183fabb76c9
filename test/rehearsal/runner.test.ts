import { readFileSync } from 'node:fs';
import { ActionFailure, type ActionStandIn, readRunnable } from '../../rehearsal/github';
import { parsePairs } from '../../rehearsal/github/command-files';
import { jobToken, permissionsOf } from '../../rehearsal/github/job-token';
import { combinationsOf } from '../../rehearsal/github/matrix';
import { effectivePermissions, readOnly } from '../../rehearsal/github/permissions';
import pins from '../../workflows/pins/action-pins.json';
import { job, logOf, oneJob, removeRunnerFolders, REQUEST, results, runText } from './runner-harness';

afterAll(removeRunnerFolders);

describe('jobs', () => {
  const TEXT = [
    'jobs:',
    job('last', 'needs: [broken, fine]\n    if: always()'),
    job('broken', 'needs: fine', 'exit 3'),
    job('fine', ''),
    job('skipped', 'needs: broken'),
    job('below', "needs: skipped\n    if: failure() && needs.skipped.result == 'skipped'"),
    job('unwanted', "if: github.event_name == 'schedule'"),
    job('cleans', 'needs: broken\n    if: cancelled()'),
  ].join('\n');

  test('they run after those that they need, and status functions see all before them', async () => {
    const run = await runText(TEXT);
    expect(run.result.jobs.map(({ id }) => id)).toEqual([
      ...['fine', 'unwanted', 'broken', 'last', 'skipped', 'cleans', 'below'],
    ]);
    expect(results(run)).toEqual({
      fine: 'success',
      broken: 'failure',
      last: 'success',
      skipped: 'skipped',
      below: 'success',
      unwanted: 'skipped',
      cleans: 'skipped',
    });
    expect(run.result.conclusion).toBe('failure');
    expect(run.job('broken').steps[0]?.annotations).toEqual([
      { level: 'error', message: 'Process completed with exit code 3.' },
    ]);
  });

  test('outputs and results reach the jobs after them', async () => {
    const { step } = await runText(`
jobs:
  first:
    runs-on: ubuntu-24.04
    outputs:
      digest: \${{ steps.made.outputs.digest }}
      nothing: \${{ steps.made.outputs.nothing }}
    steps:
      - id: made
        run: echo "digest=sha256:1" >> "$GITHUB_OUTPUT"
  second:
    needs: first
    runs-on: ubuntu-24.04
    steps:
      - id: shown
        env:
          ALL: \${{ toJSON(needs) }}
        run: echo "$ALL" | tr -d ' \\n'
`);
    expect(logOf(step('second', 'shown'))).toBe(
      '{"first":{"result":"success","outputs":{"digest":"sha256:1"}}}',
    );
  });

  test('a matrix makes several; when one fails, those after it do not run', async () => {
    const matrix = (more: string): string => `
jobs:
  test:
    name: Test \${{ matrix.version }}
    runs-on: ubuntu-24.04
    strategy:
${more}      matrix:
        version: [3.11, '3.12']
        include: [{ version: '3.13', extra: true }]
    steps:
      - run: test "\${{ matrix.version }}" != 3.11
  after:
    needs: test
    if: failure()
    runs-on: ubuntu-24.04
    steps: [{ run: 'true' }]
`;
    const fast = await runText(matrix(''));
    expect(results(fast)).toEqual({
      'test (3.11)': 'failure',
      'test (3.12)': 'cancelled',
      'test (3.13, true)': 'cancelled',
      after: 'success',
    });
    expect(fast.job('test (3.11)').name).toBe('Test 3.11');
    const slow = await runText(matrix('      fail-fast: false\n'));
    expect(results(slow)).toMatchObject({ 'test (3.12)': 'success', 'test (3.13, true)': 'success' });
    expect(fast.job('test (3.12)').name).toBe('Test 3.12');
  });

  test('A10 a matrix leaves combinations out, knows how many run at a time, and counts as a whole', async () => {
    const run = await runText(
      `on: { schedule: [{ cron: '17 4 * * 1' }] }
jobs:
  check:
    strategy:
      fail-fast: false
      max-parallel: 1
      matrix:
        cuda: [12.1.1, 12.2.0]
        pytorch: [2.3.1, 2.9.0]
        exclude:
          - cuda: 12.2.0
          - cuda: 12.1.1
            pytorch: 2.9.0
    runs-on: ubuntu-24.04
    concurrency: check-\${{ strategy.job-index }}
    env:
      ALL: \${{ toJSON(strategy) }}
      TYPE: \${{ inputs.instance-type || 'g4dn.xlarge' }}
    steps:
      - { id: shown, run: 'echo "$TYPE $ALL" | tr -d " \\n"' }
  report:
    needs: check
    if: always() && needs.check.result == 'success'
    runs-on: ubuntu-24.04
    steps: [{ run: 'true' }]
`,
      { request: { event: 'schedule' } },
    );
    expect(results(run)).toEqual({ 'check (12.1.1, 2.3.1)': 'success', report: 'success' });
    expect(logOf(run.job('check (12.1.1, 2.3.1)').steps[0]!)).toBe(
      'g4dn.xlarge{"fail-fast":false,"job-index":0,"job-total":1,"max-parallel":1}',
    );
  });

  test('combinations follow include and exclude', () => {
    const included = [{ color: 'green' }, { color: 'pink', animal: 'cat' }, { fruit: 'banana' }];
    expect(
      combinationsOf({
        fruit: ['apple', 'pear'],
        animal: ['cat', 'dog'],
        exclude: [{ fruit: 'pear', animal: 'dog' }],
        include: included,
      }),
    ).toEqual([
      { fruit: 'apple', animal: 'cat', color: 'pink' },
      { fruit: 'apple', animal: 'dog', color: 'green' },
      { fruit: 'pear', animal: 'cat', color: 'pink' },
      { fruit: 'banana' },
    ]);
  });

  test('a failure that is forgiven fails neither step nor job nor run', async () => {
    const {
      result,
      step,
      job: one,
    } = await runText(
      oneJob(
        `
        - id: forgiven
          continue-on-error: true
          run: exit 1
        - id: seen
          run: echo "\${{ steps.forgiven.outcome }} \${{ steps.forgiven.conclusion }}"
        - run: exit 1
        `,
        'continue-on-error: true',
      ),
    );
    expect(logOf(step('one', 'seen'))).toBe('failure success');
    expect([one('one').result, one('one').outcome, result.conclusion]).toEqual([
      'success',
      'failure',
      'success',
    ]);
  });

  test('permissions of a job take the place of those of the workflow', () => {
    expect(effectivePermissions({ contents: 'write' }, { 'id-token': 'write', issues: 'none' })).toEqual({
      'id-token': 'write',
    });
    expect(effectivePermissions('read-all', undefined)).toMatchObject({ contents: 'read' });
    expect(effectivePermissions('read-all', undefined)['id-token']).toBeUndefined();
    expect(effectivePermissions('write-all', undefined)['id-token']).toBe('write');
    expect(effectivePermissions({}, undefined)).toEqual({});
  });

  test('a pull request of a fork may write nothing', () => {
    const permissions = { 'id-token': 'write', 'security-events': 'write', contents: 'read' };
    expect(readOnly(permissions)).toEqual({ 'security-events': 'read', contents: 'read' });
  });
});

describe('steps', () => {
  test('variables come in layers, and what the runner sets stays', async () => {
    const { step } = await runText(`
env: { A: workflow, B: workflow, C: workflow, D: workflow, GITHUB_SHA: mine }
${oneJob(
  `
  - run: |
      echo "C=file" >> "$GITHUB_ENV"
      printf 'D<<END\\nfile\\ntwo=2\\nEND\\n' >> "$GITHUB_ENV"
      mkdir bin && printf '#!/bin/sh\\necho found\\n' > bin/mine && chmod +x bin/mine
      echo "$PWD/bin" >> "$GITHUB_PATH"
  - id: shown
    env: { D: 'step \${{ env.C }}' }
    run: echo "$A $B $C $D \${{ env.D }} $GITHUB_SHA"; mine
  - id: next
    run: echo "$D"
  `,
  'env: { B: job, C: job }',
)}`);
    expect(step('one', 'shown').log).toEqual([
      `workflow job file step file step file ${REQUEST.sha}`,
      'found',
    ]);
    expect(step('one', 'next').log).toEqual(['file', 'two=2']);
  });

  test('nothing of this process is inherited', async () => {
    process.env.LOCKSTEP_TEST_LEAK = 'leak';
    const { step } = await runText(oneJob(`- run: env | cut -d= -f1 | sort`), {
      ports: { environment: { AWS_ENDPOINT_URL: 'x' } },
    });
    delete process.env.LOCKSTEP_TEST_LEAK;
    const names = step('one', 'Run env | cut -d= -f1 | sort').log.filter(
      (name) => !/^(GITHUB|RUNNER)_/.test(name),
    );
    expect(names).toEqual([
      ...['AWS_ENDPOINT_URL', 'CI', 'HOME', 'LANG', 'LOCKSTEP_REHEARSAL_CLOCK', 'NODE_OPTIONS'],
      ...['PATH', 'PWD', 'SHLVL', '_'].filter((name) => names.includes(name)),
    ]);
  });

  test('the shell decides whether a pipe may fail, and defaults name it', async () => {
    const run = await runText(
      `defaults: { run: { shell: bash } }\n${oneJob(
        `
        - id: pipe
          run: false | true
        - id: plain
          if: always()
          shell: sh
          working-directory: /
          run: false | true; pwd
        - id: folder
          if: always()
          run: pwd
        - id: nowhere
          if: always()
          working-directory: nowhere
          run: pwd
        `,
        'defaults: { run: { working-directory: .. } }',
      )}`,
    );
    expect(run.step('one', 'pipe').outcome).toBe('failure');
    expect(run.step('one', 'plain')).toMatchObject({ outcome: 'success', log: ['/'] });
    expect(logOf(run.step('one', 'folder'))).toMatch(/work\/ml-platform$/);
    expect(run.step('one', 'nowhere').outcome).toBe('failure');
    const unspecified = await runText(oneJob(`- run: false | true`));
    expect(unspecified.result.conclusion).toBe('success');
  });

  test('commands make annotations and groups, until they are stopped', async () => {
    const { step, job: one } = await runText(
      oneJob(`
        - id: says
          run: |
            echo "::error file=a.ts,line=1,title=Colon%3A comma%2C::first%0Asecond 100%25"
            echo "  ::warning::careful" >&2
            echo "::group::many"; echo "::endgroup::"; echo "::debug::hidden"
            echo "::stop-commands::token1"; echo "::error::text only"; echo "::token1::"
            echo "::notice title=Done::ok"
            echo "::unknown::stays"
            echo "# Title" >> "$GITHUB_STEP_SUMMARY"
        - run: echo "more" >> "$GITHUB_STEP_SUMMARY"
      `),
    );
    expect(step('one', 'says').annotations).toEqual([
      { level: 'error', title: 'Colon: comma,', message: 'first\nsecond 100%' },
      { level: 'warning', message: 'careful' },
      { level: 'notice', title: 'Done', message: 'ok' },
    ]);
    expect(step('one', 'says').log).toEqual(
      expect.arrayContaining(['##[group]many', '::error::text only', '::unknown::stays']),
    );
    expect(logOf(step('one', 'says'))).not.toContain('hidden');
    expect(one('one').summary).toBe('# Title\n\nmore\n');
  });

  test.each([
    ['set-output name=x', 'GITHUB_OUTPUT'],
    ['set-env name=PATH', 'GITHUB_ENV'],
    ['add-path', 'GITHUB_PATH'],
  ])('the old command %s fails the step', async (command, file) => {
    const { step, result } = await runText(oneJob(`- { id: old, run: 'echo "::${command}::injected"' }`));
    expect([result.conclusion, step('one', 'old').outputs]).toEqual(['failure', {}]);
    expect(step('one', 'old').annotations[0]?.message).toContain(file);
  });

  test('a secret of an environment is known to its jobs only, and the token of a job says what it may', async () => {
    const { step } = await runText(
      `
jobs:
  own:
    runs-on: ubuntu-24.04
    steps:
      - id: shows
        env: { X: '\${{ secrets.X }}' }
        run: echo "own [$X]"
  other:
    runs-on: ubuntu-24.04
    environment: staging
    permissions: { actions: read }
    steps:
      - id: shows
        env: { X: '\${{ secrets.X }}', T: '\${{ github.token }}' }
        run: echo "other [$X] \${#T}"
`,
      { request: { environmentSecrets: { staging: { X: 'for staging' } } } },
    );
    const token = jobToken({ actions: 'read' });
    expect(step('own', 'shows').log).toContain('own []');
    expect(step('other', 'shows').log).toContain(`other [***] ${token.length}`);
    expect([permissionsOf(token), permissionsOf('ghp_of_a_person')]).toEqual([
      { actions: 'read' },
      undefined,
    ]);
  });

  test('secrets and masks are hidden, and an output that holds one is dropped', async () => {
    const {
      step,
      job: one,
      events,
    } = await runText(
      oneJob(
        `
        - id: leaks
          env: { TOKEN: '\${{ secrets.TOKEN }}', GITHUB: '\${{ github.token }}' }
          run: |
            echo "a $TOKEN b $GITHUB"; echo "::error title=$TOKEN::$TOKEN"
            echo "::add-mask::222222222222"; echo "account 222222222222"
            echo "arn=role/222222222222/x" >> "$GITHUB_OUTPUT"; echo "fine=yes" >> "$GITHUB_OUTPUT"
            echo "$TOKEN" >> "$GITHUB_STEP_SUMMARY"
        `,
        `outputs:\n  arn: \${{ steps.leaks.outputs.arn }}\n  fine: \${{ steps.leaks.outputs.fine }}`,
      ),
      { request: { secrets: { TOKEN: 's3cr3t' } } },
    );
    expect(step('one', 'leaks').log.slice(0, 2)).toEqual(['a *** b ***', '##[error]***']);
    expect(step('one', 'leaks').log).toContain('account ***');
    expect(step('one', 'leaks').outputs).toEqual({ arn: 'role/***/x', fine: 'yes' });
    expect(one('one').outputs).toEqual({ fine: 'yes' });
    expect(one('one').annotations?.[0]?.message).toBe("Skip output 'arn' since it may contain secret.");
    expect(JSON.stringify([one('one'), events])).not.toMatch(/s3cr3t|222222222222/);
  });

  test.each([
    ['echo "no separator" >> "$GITHUB_OUTPUT"', "Invalid format 'no separator'"],
    ['echo "x<<END" >> "$GITHUB_ENV"', "Matching delimiter not found 'END'"],
    ['echo "=x" >> "$GITHUB_OUTPUT"', 'Name must not be empty'],
  ])('%s fails the step', async (script, message) => {
    const { step } = await runText(oneJob(`- { id: bad, run: '${script}' }`));
    expect(step('one', 'bad').outcome).toBe('failure');
    expect(JSON.stringify(step('one', 'bad').annotations)).toContain(message);
  });

  test('NODE_OPTIONS is refused, a workflow cannot take virtual time away', async () => {
    const { step, seconds } = await runText(
      oneJob(`
        - id: sets
          run: echo "NODE_OPTIONS=--inspect" >> "$GITHUB_ENV"
        - env: { NODE_OPTIONS: --no-warnings }
          run: node -e 'setTimeout(() => {}, 60e3)'
      `),
    );
    expect(step('one', 'sets').annotations[0]?.message).toMatch(/Can't store NODE_OPTIONS/);
    expect(seconds).toBe(61);
  });

  test('hostile values stay values', async () => {
    const hostile = '$(touch owned) `touch owned` "; touch owned; \'\n::error::gotcha\nEOF\nadmin=yes';
    const { step, job: one } = await runText(
      `on:\n  workflow_dispatch:\n    inputs: { name: { type: string } }\n${oneJob(`
        - id: echoes
          env: { NAME: '\${{ inputs.name }}' }
          run: |
            { echo "name<<EOF_7f3a"; echo "$NAME"; echo "EOF_7f3a"; } >> "$GITHUB_OUTPUT"
            ls
        - id: after
          env: { NAME: '\${{ steps.echoes.outputs.name }}' }
          run: printf '%s' "$NAME" | wc -l | tr -d ' '
        - id: naive
          env: { NAME: '\${{ inputs.name }}' }
          run: '{ echo "name<<EOF"; echo "$NAME"; echo "EOF"; } >> "$GITHUB_OUTPUT"'
      `)}`,
      { request: { event: 'workflow_dispatch', inputs: { name: hostile } } },
    );
    expect(step('one', 'echoes')).toMatchObject({ log: [], outputs: { name: hostile }, annotations: [] });
    expect(logOf(step('one', 'after'))).toBe('3');
    // A delimiter that the value may hold lets it write outputs of its own, and the file does not end well.
    expect(step('one', 'naive').outcome).toBe('failure');
    expect(one('one').result).toBe('failure');
    expect(parsePairs('name<<EOF\nx\nEOF\nadmin=yes\n')).toEqual([
      ['name', 'x'],
      ['admin', 'yes'],
    ]);
  });

  test('expressions: status, files, defaults and faults', async () => {
    const { step, result } = await runText(
      oneJob(`
        - run: mkdir -p a/b && echo 1 > a/b/lock && echo 2 > lock
        - id: shown
          name: Shows \${{ github.ref_name }}
          run: echo "\${{ hashFiles('**/lock') != '' && hashFiles('nothing*') == '' }} \${{ job.status }} \${{ runner.os }} \${{ fromJSON('[7]')[0] }}"
        - id: broken
          run: echo "\${{ fromJSON(github.ref) }}"
        - id: failed
          if: failure() && steps.broken.outcome == 'failure'
          run: echo "\${{ job.status }}"
      `),
    );
    expect(step('one', 'shown')).toMatchObject({ name: 'Shows main', log: ['true success Linux 7'] });
    expect(step('one', 'failed').log).toEqual(['failure']);
    expect(result.conclusion).toBe('failure');
  });
});

describe('actions', () => {
  const recorded: string[] = [];
  const action: ActionStandIn = {
    action: 'acme/act',
    limits: 'none',
    run: async (step) => {
      recorded.push(`${step.inputs.who} ${step.env.X} ${step.job.environment}`);
      step.output('digest', 'abc');
      step.exportVariable('EXPORTED', 'yes');
      step.mask('hidden-text');
      step.atEnd(() => step.log(`end of ${step.inputs.who}`));
      await step.clock.sleep(30_000, step.signal);
      if (step.inputs.who === 'nobody') throw new ActionFailure('nobody is there');
    },
  };

  test('they are given evaluated inputs, and what they registered runs at the end, last first', async () => {
    const {
      step,
      job: one,
      seconds,
    } = await runText(
      oneJob(
        `
        - { id: first, uses: Acme/Act@v1, with: { who: '\${{ github.actor }}' }, env: { X: x } }
        - { id: shown, run: 'echo "$EXPORTED \${{ steps.first.outputs.digest }} hidden-text"' }
        - { id: second, uses: acme/act@v1, with: { who: nobody } }
        `,
        'environment: staging',
      ),
      { actions: [action] },
    );
    expect(recorded).toEqual(['octocat x staging', 'nobody undefined staging']);
    expect(step('one', 'shown').log).toEqual(['yes abc ***']);
    expect(step('one', 'second').annotations).toEqual([{ level: 'error', message: 'nobody is there' }]);
    expect(
      one('one')
        .steps.slice(-2)
        .map(({ log }) => log),
    ).toEqual([['end of nobody'], ['end of octocat']]);
    expect(seconds).toBe(61);
  });
});

describe('what starts a workflow', () => {
  const ON = `on:
  push: { branches: [main, 'releases/**', '!releases/old'], paths: ['src/**'] }
  workflow_dispatch:
    inputs:
      environment: { type: choice, required: true, options: [staging, production] }
      count: { type: number, default: 3 }
      dry: { type: boolean }
  schedule: [{ cron: '17 4 * * 1' }]
${oneJob(`- run: echo '\${{ toJSON(inputs) }}' | tr -d ' \\n'`)}`;

  test.each([
    [{ ref: 'refs/heads/feature' }, 'refs/heads/feature'],
    [{ ref: 'refs/heads/releases/old' }, 'branches'],
    [{ ref: 'refs/tags/v1' }, 'branches'],
    [{ changed: ['README.md'] }, 'README.md'],
    [{ event: 'pull_request' as const }, 'push, workflow_dispatch, schedule'],
    [{ event: 'schedule' as const, ref: 'refs/heads/feature' }, 'the default branch'],
    [{ event: 'workflow_dispatch' as const }, 'inputs.environment'],
    [{ event: 'workflow_dispatch' as const, inputs: { environment: 'dev' } }, 'staging, production'],
    [{ event: 'workflow_dispatch' as const, inputs: { environment: 'staging', other: '' } }, 'inputs.other'],
    [
      { event: 'workflow_dispatch' as const, inputs: { environment: 'staging', dry: 'maybe' } },
      'true, false',
    ],
  ])('%j starts nothing', async (request, message) => {
    await expect(runText(ON, { request })).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining(message),
    });
  });

  test('inputs have their types and defaults', async () => {
    const run = await runText(ON, {
      request: { event: 'workflow_dispatch', inputs: { environment: 'staging' } },
    });
    expect(run.job('one').steps[0]?.log).toEqual(['{"environment":"staging","count":3,"dry":false}']);
    const push = await runText(ON, {
      request: { ref: 'refs/heads/releases/1/x', changed: ['docs/a', 'src/a'] },
    });
    expect(push.result.conclusion).toBe('success');
  });
});

describe('what is not supported is named before anything runs', () => {
  const with_ = (fields: string, steps = "- run: 'true'"): string => oneJob(steps, fields);
  test.each([
    [with_('container: node:20'), 'container'],
    [with_('services: { db: { image: postgres } }'), 'services'],
    [oneJob(`- run: 'true'`).replace('ubuntu-24.04', 'windows-latest'), 'windows-latest'],
    ['jobs:\n  one:\n    uses: ./.github/workflows/other.yml\n', 'uses'],
    [with_('', '- uses: unknown/action@v1'), 'unknown/action'],
    [with_('', '- uses: ./local'), './local'],
    [with_('', "- { run: 'true', shell: pwsh }"), 'pwsh'],
    [`defaults: { run: { shell: python } }\n${with_('')}`, 'python'],
    [with_('', `- { run: 'true', if: "\${{ failure() }} or so" }`), 'or so'],
    [with_('needs: nobody'), 'nobody'],
    [with_('', '- run: echo ${{ nonsense.x }}'), 'nonsense'],
    ['jobs: [', 'yml:'],
  ])('%#', async (text, named) => {
    const failing = runText(text);
    await expect(failing).rejects.toMatchObject({
      code: 'UnsupportedWorkflow',
      message: expect.stringContaining(named),
    });
    await expect(failing).rejects.toThrow(/test\.yml:\d+/);
  });

  test.each(['ci', 'kvs-infer-deploy', 'kvs-infer-rollback'])(
    '%s of this repository can be run',
    async (name) => {
      const file = `.github/workflows/${name}.yml`;
      const actions = new Set(Object.keys(pins).map((action) => action.toLowerCase()));
      const { workflow } = await readRunnable({ file, text: readFileSync(file, 'utf8') }, actions);
      expect(workflow.jobs.length).toBeGreaterThan(0);
    },
  );
});
