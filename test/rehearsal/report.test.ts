import pc from 'picocolors';
import { renderRehearsal } from '../../cli/rehearse/final-report';
import { liveView } from '../../cli/rehearse/live-view';
import { plainSummary } from '../../cli/rehearse/plain-summary';
import { rehearsalSummary } from '../../cli/rehearse/step-summary';
import { renderStory } from '../../cli/rehearse/story';
import { readArtefacts, type RehearsedCall } from '../../proofs';
import { declaredCalls, type DeclaredCall } from '../../proofs/calls/rehearsed';
import { referenceFor } from '../../proofs/calls/reference';
import { complete } from '../../proofs/p04-complete';
import { minimal } from '../../proofs/p05-minimal';
import type { RunEvent } from '../../rehearsal/github/run-result';
import { rehearsedCalls, reviewCalls } from '../../rehearsal/report/call-review';
import { rehearsalDocument } from '../../rehearsal/report/document';
import { proveWithEvidence } from '../../rehearsal/report/evidence';
import { junit } from '../../rehearsal/report/junit';
import { timeline } from '../../rehearsal/report/timeline';
import { hasPassed, LIMITS } from '../../rehearsal/report/verdict';
import { virtualTime } from '../../rehearsal/report/virtual-time';
import { whatHappened } from '../../rehearsal/report/what-happened';
import type { RehearsalReport, ScenarioReport } from '../../rehearsal/scenarios/scenario';
import { code, table, text } from '../../runtime/renderers/markdown';
import { statementOf, STAGING } from '../proofs/mutations/calls/edit';
import { type Sources, sources } from '../proofs/sample';
import { elements } from './xml';
import { at, call, job, NOON, ROLE, rolledBack, SERVICE, step, stranded } from './told';

const paint = pc.createColors(false);

/** What a container or a stranger might call things. */
const HOSTILE = 'a "quoted" <b>: ]]> `code` | ;%% #1; \u001b[2J\u0007\nsection x\n```\nclick y & done \ud800';

const hostile = (): ScenarioReport => {
  const report = stranded({ name: HOSTILE, title: HOSTILE });
  return {
    ...report,
    surprises: [{ place: HOSTILE, value: HOSTILE, allowed: HOSTILE }],
    leftovers: [HOSTILE],
    finalState: { [HOSTILE]: HOSTILE },
    jobs: [
      job(HOSTILE, 'failure', [0, 5], {
        name: HOSTILE,
        summary: HOSTILE,
        steps: [step(HOSTILE, 'failure', [0, 5], { log: [HOSTILE] })],
      }),
    ],
    calls: [call('ecs:UpdateService', 1, { resource: HOSTILE, allowed: false, because: [HOSTILE] })],
  };
};

const reportOf = (...scenarios: readonly ScenarioReport[]): RehearsalReport => ({ scenarios, seconds: 1.26 });

describe('calls made against calls declared', () => {
  const declared = (action: string, more: Partial<DeclaredCall> = {}): DeclaredCall => ({
    role: ROLE,
    action,
    resource: SERVICE,
    place: 'deploy.yml:3 deploy/Deploy',
    ...more,
  });
  const made = (...calls: ScenarioReport['calls']) => [rolledBack({ calls })];
  const ALL = ['ecs:UpdateService', 'ecs:DescribeServices', 'ecs:StopServiceDeployment'];

  test('are the same, those that were denied included, without those that nobody signs', () => {
    const review = reviewCalls(
      [rolledBack()],
      ALL.map((action) => declared(action)),
    );
    expect(review).toEqual({ undeclared: [], unmade: [], matched: 3 });
  });

  test('made and not declared: once, with scenario, job, step and time', () => {
    const { undeclared, matched } = reviewCalls(
      [rolledBack(), stranded()],
      ALL.slice(1).map((action) => declared(action)),
    );
    expect(undeclared).toMatchObject([
      {
        role: ROLE,
        action: 'ecs:UpdateService',
        resource: SERVICE,
        place: 'kvs-infer-deploy ecs:task-exits, deploy-staging/Deploy and wait for the end at +04:22',
      },
    ]);
    expect(matched).toBe(2);
  });

  test('declared and not made: once, with each place', () => {
    const never = declared('ecs:DescribeTasks', { context: { 'ecs:cluster': 'c' } });
    const { unmade } = reviewCalls(
      [rolledBack()],
      [
        ...ALL.map((action) => declared(action)),
        never,
        never,
        { ...never, place: 'rollback.yml:9 back/Roll back' },
      ],
    );
    expect(unmade).toEqual([
      {
        role: ROLE,
        action: 'ecs:DescribeTasks',
        resource: SERVICE,
        context: { 'ecs:cluster': 'c' },
        place: 'deploy.yml:3 deploy/Deploy; also at rollback.yml:9 back/Roll back',
      },
    ]);
  });

  const A = 'ecs:DescribeTasks';
  test.each<[string, Partial<DeclaredCall>, Partial<RehearsedCall>, boolean]>([
    ['a pattern', { resource: 'arn:aws:ecs:x:1:task/c/*' }, { resource: 'arn:aws:ecs:x:1:task/c/42' }, true],
    [
      'a pattern of another',
      { resource: 'arn:aws:ecs:x:1:task/c/*' },
      { resource: 'arn:aws:ecs:x:1:task/d/42' },
      false,
    ],
    ['the question *', { resource: '*' }, { resource: '*' }, true],
    ['* is no pattern', { resource: '*' }, { resource: SERVICE }, false],
    ['another case of the action', {}, { action: 'ecs:describetasks' }, true],
    ['another role', {}, { role: `${ROLE}-2` }, false],
    [
      'a key',
      { context: { 'ecs:cluster': 'c' } },
      { context: { 'ECS:Cluster': 'c', 'aws:RequestedRegion': 'x' } },
      true,
    ],
    [
      'a key with values',
      { context: { 'ecs:cluster': 'c' } },
      { context: { 'ecs:cluster': ['b', 'c'] } },
      true,
    ],
    [
      'a key with another value',
      { context: { 'ecs:cluster': 'c' } },
      { context: { 'ecs:cluster': 'd' } },
      false,
    ],
    ['no key', { context: { 'ecs:cluster': 'c' } }, {}, false],
  ])('%s', (_, wanted, seen, same) => {
    const review = reviewCalls(made(call(A, 300, seen)), [declared(A, wanted)]);
    expect([review.matched, review.undeclared.length, review.unmade.length]).toEqual(
      same ? [1, 0, 0] : [0, 1, 1],
    );
  });

  test('a call between two jobs belongs to the one that ends, and one outside of all says so', () => {
    const places = rehearsedCalls(made(call(A, 700), call(A, 5_000))).map(({ place }) => place);
    expect(places).toEqual([
      'kvs-infer-deploy ecs:task-exits, deploy-staging/Deploy and wait for the end at +11:40',
      'kvs-infer-deploy ecs:task-exits, outside of the jobs at +1:23:20',
    ]);
  });
});

describe('the proofs about calls, with a rehearsal as evidence', () => {
  const read = async (sample: Sources) => readArtefacts(sample, await referenceFor(sample));
  /** What a rehearsal that makes every declared call would have seen. */
  const everything = (declared: readonly DeclaredCall[]): readonly RehearsedCall[] =>
    declared.map(({ role, action, resource, context = {} }) => ({
      role,
      action,
      resource: resource === '*' ? resource : resource.replaceAll('*', '42'),
      context: { ...context, 'aws:RequestedRegion': 'us-east-1' },
      place: 'scenario, job/step',
    }));

  test('have no finding where each declared call was made, and count what they compared', async () => {
    const artefacts = await read(sources());
    const rehearsed = everything(declaredCalls(artefacts));
    for (const proof of [complete, minimal]) {
      const { checked, findings } = proof.check({ ...artefacts, rehearsed });
      expect(findings).toEqual([]);
      expect(checked).toBe(proof.check(artefacts).checked + rehearsed.length);
    }
  });

  test('P04 finds a call that was made and is declared by no step', async () => {
    const artefacts = await read(sources());
    const [first] = everything(declaredCalls(artefacts));
    const stray = { ...first!, action: 'ecr:DeleteRepository', place: 'kvs-infer-deploy good, build/Tag' };
    const { findings } = complete.check({ ...artefacts, rehearsed: [stray] });
    expect(findings).toEqual([
      {
        place: 'kvs-infer-deploy good, build/Tag',
        value: expect.stringMatching(/^ecr:DeleteRepository on .* which no step declares$/),
        allowed: 'calls that a step declares',
        change: expect.stringContaining('declare the call'),
      },
    ]);
    const other = { ...first!, resource: 'arn:aws:ecr:us-east-1:1:repository/other' };
    const [finding] = complete.check({ ...artefacts, rehearsed: [other] }).findings;
    expect(finding?.allowed).toBe(`as steps with this role declare it: ${first!.resource}`);
  });

  test('P05 finds a call that is declared and granted and was made in no scenario', async () => {
    const artefacts = await read(sources());
    const rehearsed = everything(declaredCalls(artefacts)).filter(
      ({ role, action }) =>
        !(role.endsWith('kvs-infer-staging-deploy') && action === 'ecs:StopServiceDeployment'),
    );
    const { findings } = minimal.check({ ...artefacts, rehearsed });
    expect(findings).toHaveLength(2);
    for (const { place, value } of findings) {
      expect(place).toMatch(/kvs-infer-deploy\.yml:\d+ deploy-staging\/Deploy and wait for the end$/);
      expect(value).toMatch(
        /^ecs:StopServiceDeployment on .*, made in no scenario; also declared at .*rollback-staging/,
      );
    }
    expect(minimal.check({ ...artefacts, rehearsed: [] }).findings.length).toBeGreaterThan(50);
  });

  test('what is not granted is P04’s finding, not P05’s', async () => {
    const sample = sources();
    const statement = statementOf(sample, `${STAGING}-deploy`, 'ecs:UpdateService');
    statement.Action = [statement.Action].flat().filter((action) => action !== 'ecs:UpdateService');
    const artefacts = await read(sample);
    const rehearsed = everything(declaredCalls(artefacts)).filter(
      ({ action }) => action !== 'ecs:UpdateService',
    );
    const missing = minimal.check({ ...artefacts, rehearsed }).findings.map(({ value }) => value);
    expect(missing.filter((value) => value.includes('kvs-infer-staging-deploy'))).toEqual([]);
    expect(missing.filter((value) => value.startsWith('ecs:UpdateService')).length).toBeGreaterThan(0);
  });

  test('run on scenarios', async () => {
    const artefacts = await read(sources());
    const proved = proveWithEvidence(artefacts, [rolledBack()]);
    expect(proved.map(({ code: proof, findings }) => [proof, findings.length > 0])).toEqual([
      ['P04', true],
      ['P05', true],
    ]);
    const report = { ...reportOf(rolledBack()), proofs: proved };
    expect(hasPassed(report)).toBe(false);
    const told = renderRehearsal(report, paint);
    expect(told).toMatch(/^✖ P04 complete +\d+ checked {2}\d+ found/m);
    expect(told).toMatch(/… and \d+ more findings? of P05: --json has all/);
  });
});

describe('the verdict', () => {
  const calls = { undeclared: [], unmade: [], matched: 1 };
  const [stray] = rehearsedCalls([rolledBack()]);
  test.each<[string, RehearsalReport, boolean]>([
    ['all as expected', { ...reportOf(rolledBack()), calls }, true],
    ['nothing rehearsed', reportOf(), false],
    ['a surprise', reportOf(rolledBack(), stranded()), false],
    ['an undeclared call', { ...reportOf(rolledBack()), calls: { ...calls, undeclared: [stray!] } }, false],
    ['a call never made', { ...reportOf(rolledBack()), calls: { ...calls, unmade: [stray!] } }, false],
  ])('%s', (_, report, passed) => {
    expect(hasPassed(report)).toBe(passed);
    expect(rehearsalDocument(report).passed).toBe(passed);
    expect(renderRehearsal(report, paint)).toMatch(passed ? /^✔ 1 scenario as expected/m : /^✖ (?!ecs)/m);
    expect(rehearsalSummary(report).startsWith(`## ${passed ? '✅' : '❌'}`)).toBe(true);
  });
});

test.each([
  [0, '00:00'],
  [725_900, '12:05'],
  [3_600_000, '1:00:00'],
  [-5, '00:00'],
])('%d ms of virtual time are %s', (milliseconds, told) => {
  expect(virtualTime(milliseconds)).toBe(told);
});

test('what happened, in the order of time', () => {
  expect(whatHappened(rolledBack())).toBe(
    'deploy-staging failed, then rollback-staging succeeded, 1 skipped',
  );
  expect(whatHappened({ jobs: [job('one', 'success', [0, 1])] })).toBe('1 job succeeded');
  const later = [job('last', 'success', [9, 10]), job('first', 'cancelled', [1, 9])];
  expect(whatHappened({ jobs: later })).toBe('first was cancelled, then last succeeded');
});

describe('the JSON document', () => {
  test('has the documented shape, with times since the beginning', () => {
    const { scenarios, seconds, limits } = rehearsalDocument(reportOf(rolledBack()));
    expect([seconds, limits]).toEqual([1.3, LIMITS]);
    expect(scenarios[0]).toMatchObject({ virtualSeconds: 900, faults: ['ecs:task-exits'], passed: true });
    expect(scenarios[0]?.jobs[1]).toMatchObject({
      id: 'deploy-staging',
      result: 'failure',
      startedAt: 250,
      endedAt: 700,
    });
    expect(scenarios[0]?.jobs[1]?.steps[1]).toMatchObject({ outcome: 'failure', startedAt: 260, line: 282 });
    expect(Object.keys(scenarios[0]?.finalState ?? {})).toEqual([
      'staging: released image',
      'staging: revision that runs',
    ]);
    expect(JSON.stringify(scenarios)).not.toContain(String(NOON));
  });

  test('names a call once for each answer, with how often and when first', () => {
    const [scenario] = rehearsalDocument(reportOf(rolledBack())).scenarios;
    expect(
      scenario?.calls.map(({ action, allowed, times, firstAt }) => [action, allowed, times, firstAt]),
    ).toEqual([
      ['sts:AssumeRoleWithWebIdentity', true, 1, 251],
      ['ecs:UpdateService', true, 2, 262],
      ['ecs:DescribeServices', true, 2, 300],
      ['ecs:StopServiceDeployment', false, 1, 650],
    ]);
    expect(scenario?.calls[0]).not.toHaveProperty('role');
  });

  test('is the same whatever order scenarios end in', () => {
    const one = rehearsalDocument(reportOf(stranded(), rolledBack(), rolledBack({ workflow: 'a.yml' })));
    const other = rehearsalDocument(reportOf(rolledBack({ workflow: 'a.yml' }), rolledBack(), stranded()));
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
    expect(one.scenarios.map(({ name }) => name)).toEqual([
      'ecs:no-way-back',
      'ecs:task-exits',
      'ecs:task-exits',
    ]);
  });
});

describe('JUnit', () => {
  const of = (report: RehearsalReport, name: string) =>
    elements(junit(report)).filter((element) => element.name === name);

  test('has a suite for each workflow, a case for each scenario and a failure for each that is not as expected', () => {
    const calls = reviewCalls([rolledBack()], []);
    const report = { ...reportOf(rolledBack(), stranded(), rolledBack({ workflow: 'a.yml' })), calls };
    expect(
      of(report, 'testsuite').map(({ attributes: { name, tests, failures } }) => [name, tests, failures]),
    ).toEqual([
      ['kvs-infer-deploy', '2', '1'],
      ['a', '1', '0'],
      ['calls', '2', '1'],
    ]);
    expect(of(report, 'testcase')[1]?.attributes.name).toMatch(/^ecs:no-way-back: /);
    expect(of(report, 'failure')[0]?.attributes.message).toBe(
      'job rollback-staging: got skipped; allowed: success',
    );
  });

  test('stays XML whatever things are called, and shows a failure without a surprise', () => {
    const xml = junit(reportOf(hostile()));
    expect(() => elements(`\n<failure message="${HOSTILE}"></failure>`)).toThrow('not XML');
    expect(() => elements('\n<failure></testcase>')).toThrow('closes another');
    expect(elements(xml).length).toBeGreaterThan(3);
    expect(xml).toContain('&lt;b&gt;');
    expect(xml).toContain('&#10;section x');
    expect(xml).not.toMatch(/[\u0000-\u0008\u001b]|[\ud800-\udfff]/);
    expect(of(reportOf(stranded({ surprises: [] })), 'failure')).toHaveLength(1);
  });
});

describe('the timeline', () => {
  test('has a bar for each job that ran, over virtual time', () => {
    expect(timeline(rolledBack()).split('\n').slice(5, 9)).toEqual([
      '  section build',
      '  success 04#58;10 :done, j0, 2026-11-20 00:00:00, 2026-11-20 00:04:10',
      '  section deploy-staging',
      '  failure 07#58;30 :crit, j1, 2026-11-20 00:04:10, 2026-11-20 00:11:40',
    ]);
    expect(timeline(rolledBack())).not.toContain('deploy-production');
  });

  test('keeps to the grammar whatever things are called', () => {
    // Lines as the lexer of Mermaid reads them, once it has set entities such as `#58;` aside.
    const grammar =
      /^(?:gantt| {2}title [^#;%:"`<>\n]+| {2}(?:dateFormat|axisFormat) [^#;\n]+| {2}todayMarker off| {2}section [^#;%:"`<>\n]+| {2}(?:success|failure|cancelled) [^#;%:\n]+:(?:done|crit|active), j\d+, [-\d: ]+, [-\d: ]+|)$/;
    for (const report of [rolledBack(), hostile(), stranded({ title: ' \n ' })]) {
      for (const line of timeline(report).replace(/#\d+;/g, '').split('\n')) expect(line).toMatch(grammar);
    }
    expect('  section a:b').not.toMatch(grammar);
  });
});

describe('the final report', () => {
  const told = renderRehearsal(
    { ...reportOf(rolledBack(), stranded()), calls: reviewCalls([rolledBack()], []) },
    paint,
  );

  test('has a line for each scenario with what happened and how long it took', () => {
    expect(told).toContain(
      [
        'kvs-infer-deploy',
        '✔ ecs:task-exits   15:00  deploy-staging failed, then rollback-staging succeeded, 1 skipped',
        '✖ ecs:no-way-back  15:00  deploy-staging failed, 2 skipped',
      ].join('\n'),
    );
  });

  test('says of a scenario that failed what is not as expected, where, and what the step said last', () => {
    const details = told.slice(told.indexOf('✖ kvs-infer-deploy ecs:no-way-back'));
    for (const line of [
      '  job rollback-staging\n    got      skipped\n    allowed  success\n',
      '+04:20 ✖ deploy-staging/Deploy and wait for the end .github/workflows/kvs-infer-deploy.yml:282\n',
      '    │ 12:11:40 essential container exited\n',
      `ecs:StopServiceDeployment on ${SERVICE} with ml-platform-kvs-infer-staging-deploy\n      denied by the fault`,
      'Left behind\n  kvs-infer-deploy ecs:no-way-back: staging: deployment ecs-svc/2 has not ended\n',
    ]) {
      expect(details).toContain(line);
    }
  });

  test('ends with the calls, the verdict and the limits', () => {
    expect(told).toContain('Calls  0 made and declared, 3 made but not declared, 0 declared but never made');
    expect(told).toMatch(
      /\n✖ 1 of 2 scenarios not as expected, 3 undeclared {2}30:00 of virtual time in 1\.3 s\n/,
    );
    expect(told.trimEnd().endsWith(LIMITS.join('\n'))).toBe(true);
  });

  test('shows the last step of the job that a surprise names, where no step failed', () => {
    const green = stranded({
      jobs: [
        job('build', 'success', [0, 9], { steps: [step('Last', 'success', [0, 9], { log: ['as ever'] })] }),
      ],
      surprises: [{ place: 'job build', value: 'success', allowed: 'failure' }],
    });
    expect(renderRehearsal(reportOf(green), paint)).toContain('    │ as ever\n');
  });
});

describe('a story', () => {
  const told = renderStory(rolledBack(), paint);

  test('tells jobs and steps in the order of time, with what they said and called', () => {
    const order = [
      'kvs-infer-deploy ecs:task-exits  The tasks of the new version exit at once.\nwith ecs:task-exits',
      '  +00:00 ✔ Job build 04:10',
      '│ ✔ +00:00 Check out  00:02',
      '└ no call to AWS',
      '  +04:10 ✖ Job deploy-staging (environment staging) failed 07:30',
      '│ ✖ +04:20 Deploy and wait for the end  07:20',
      '│     error DeploymentFailed: essential container exited',
      '│ – skipped: Tell the team',
      '▏❌ The deployment failed',
      '▏version  kvs_infer:2',
      '│ 4 calls allowed, 1 denied',
      'denied by the fault iam:denied',
      '  +11:40 ✔ Job rollback-staging (environment staging) 03:20',
      '– skipped: deploy-production',
      'Afterwards  +15:00',
      '  staging: revision that runs  kvs-infer:1\n  staging: released image      sha256:1111\n',
      '✔ As expected: the run failed',
    ];
    const places = order.map((line) => told.indexOf(line));
    expect(order.filter((_, index) => places[index] === -1)).toEqual([]);
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  test('ends with what is not as expected', () => {
    expect(renderStory(stranded(), paint)).toContain(
      '✖ 2 surprises: the run failed\n  job rollback-staging\n    got      skipped\n    allowed  success\n',
    );
  });

  test('tells the end of the log where a step failed without a word', () => {
    const steps = [
      step('Test', 'failure', [0, 9], { conclusion: 'success', log: ['1', '2', '3', '4', '5'] }),
    ];
    const quiet = renderStory(rolledBack({ jobs: [job('test', 'success', [0, 9], { steps })] }), paint);
    expect(quiet).toMatch(/✖ \+00:00 Test {2}00:09 {2}and the job went on\n.*│ {5}│ 2\n/);
  });
});

test('nothing that a container says reaches the terminal as a command, or a second line', () => {
  const report = { ...reportOf(hostile()), calls: reviewCalls([hostile()], []) };
  for (const told of [renderRehearsal(report, paint), renderStory(hostile(), paint)]) {
    expect(told).toContain('a "quoted" <b>');
    expect(told).not.toMatch(/[\u0007\u001b]/);
    expect(told).not.toMatch(/^section x/m);
  }
});

describe('the step summary', () => {
  test('has the failed scenario with its log and timeline first, then all, then the limits', () => {
    const told = rehearsalSummary(reportOf(rolledBack(), stranded()));
    const order = [
      '## ❌ Rehearsal: 1 of 2',
      '### ❌ kvs-infer-deploy ecs:no-way-back',
      '```text',
      '```mermaid',
      '### Scenarios',
      LIMITS[0],
    ];
    const places = order.map((part) => told.indexOf(part));
    expect(places).toEqual(places.toSorted((one, other) => one - other));
    expect(places[0]).toBe(0);
    expect(told.match(/```mermaid/g)).toHaveLength(1);
  });

  test('stays a document whatever things are called', () => {
    const told = rehearsalSummary({ ...reportOf(hostile()), calls: reviewCalls([hostile()], []) });
    expect(told).not.toContain('<b>:\n');
    const outside = told.replace(/^(`{3,})(?:text|mermaid)\n[^]*?^\1$/gm, '');
    expect(outside).not.toContain('```');
    expect(outside).not.toMatch(/<b>|^section|^click/m);
    for (const row of outside.split('\n').filter((line) => line.startsWith('|'))) expect(row).toMatch(/\|$/);
  });
});

test('a summary of the pipeline reads as plain text in a terminal', () => {
  const said = 'a_b *c* <d> | e://f';
  const markdown = ['## ✅ Done', '', ...table(['', ''], [[text('image'), code(said)]]), '**Note**: x'].join(
    '\n',
  );
  expect(plainSummary(markdown)).toEqual(['✅ Done', `image  ${said}`, 'Note: x']);
});

describe('the live view', () => {
  const which = { workflow: '.github/workflows/kvs-infer-deploy.yml', name: 'good' };
  const events = (report: ScenarioReport): readonly RunEvent[] => [
    { kind: 'jobStarted', job: 'build', name: 'Build', at: at(0) },
    { kind: 'jobEnded', job: report.jobs[0]!, at: at(250) },
    { kind: 'jobWaits', job: 'deploy-staging', environment: 'staging', at: at(250) },
    { kind: 'jobStarted', job: 'deploy-staging', name: 'Deploy', at: at(300) },
    { kind: 'stepStarted', job: 'deploy-staging', step: 'Deploy and wait', at: at(310) },
    { kind: 'log', job: 'deploy-staging', line: `waiting ${HOSTILE}`, at: at(725) },
  ];
  /** A view whose pictures are taken by hand. */
  function view(isTTY: boolean, total = 2, size = { columns: 60, rows: 24 }) {
    const written: string[] = [];
    let draw: (() => void) | undefined;
    const live = liveView(
      { write: (chunk: string) => written.push(chunk), isTTY, ...size },
      (_, action) => {
        draw = action;
        return () => (draw = undefined);
      },
      total,
      paint,
    );
    return {
      live,
      written,
      picture: () => {
        const before = written.length;
        draw?.();
        return written.slice(before);
      },
    };
  }

  test('writes nothing into a pipe', () => {
    const { live, written, picture } = view(false);
    live.started(which);
    for (const event of events(rolledBack())) live.event(which, event);
    live.ended(which, true);
    live.stop();
    expect([...picture(), ...written]).toEqual([]);
  });

  test('draws jobs and steps with virtual times, over itself, and leaves nothing', () => {
    const { live, written, picture } = view(true);
    live.started(which);
    const all = events(rolledBack());
    for (const event of all.slice(0, 3)) live.event(which, event);
    expect(picture().join('').split('\n').slice(1)).toEqual([
      'kvs-infer-deploy good +04:10',
      '  +00:00 ✔ build 04:10',
      expect.stringMatching(/^ {2}\+04:10 \S deploy-staging waits for staging$/),
      '',
    ]);
    for (const event of all.slice(3)) live.event(which, event);
    const [up, drawn] = picture();
    expect(up).toBe('\u001b[4F\u001b[0J');
    expect(drawn).toMatch(
      / {2}\+05:00 \S deploy-staging 07:05\n {2}\+05:10 {3}└ 1 Deploy and wait\n +waiting a "quoted"/,
    );
    expect(drawn).not.toContain('\u001b');
    for (const line of drawn?.split('\n') ?? []) expect(line.length).toBeLessThan(60);
    live.ended(which, false);
    expect(picture().join('')).toMatch(/1 of 2 scenarios, ✖ 1 not as expected\n$/);
    live.stop();
    expect(written.at(-1)).toBe('\u001b[1F\u001b[0J');
    expect(picture()).toEqual([]);
  });

  test('never draws more than fits on the screen', () => {
    const { live, picture } = view(true, 1, { columns: 60, rows: 5 });
    live.started(which);
    for (let index = 0; index < 9; index++) {
      live.event(which, { kind: 'jobStarted', job: `job-${index}`, name: 'x', at: at(index) });
    }
    const lines = picture().join('').trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines.at(-1)).toContain('job-8');
  });

  test('takes a terminal that does not know its size for a usual one', () => {
    const { live, picture } = view(true, 1, { columns: 0, rows: 0 });
    live.started(which);
    expect(picture().join('')).toBe('kvs-infer-deploy good +00:00\n');
  });
});
