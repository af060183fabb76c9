import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from '../../conformance/aws-cli/differences';
import { play, type RunCli } from '../../conformance/aws-cli/play';
import type { Stage } from '../../conformance/aws-cli/stage';
import { type Transcript, transcriptSchema } from '../../conformance/aws-cli/transcript';
import { VirtualClock } from '../../rehearsal/clock/virtual-clock';

const clock = new VirtualClock();
const world = { sts: { signingName: 'sts', operations: { GetCallerIdentity: {} } } };
const stage = {
  aws: { world, calls: [], failures: [] },
  clock,
  endpoint: '',
  token: (environment = 'none') => `token of ${environment}`,
  close: async () => {},
} as unknown as Stage;

const transcriptOf = (...steps: readonly object[]): Transcript =>
  transcriptSchema.parse({ workflow: 'w', everyService: false, stacks: [], files: {}, steps });

/** A CLI that prints its arguments; `fail` lets it fail with the rest as message, `json` prints the rest. */
const echo: RunCli = async ([first = '', ...rest], env) => {
  if (first === 'fail') return { code: 255, stdout: '', stderr: rest.join(' ') };
  const stdout = first === 'json' ? rest.join(' ') : [first, ...rest, ...Object.values(env)].join(' ');
  return { code: 0, stdout: `${stdout}\n`, stderr: '' };
};

const found = (...steps: readonly object[]) => play(transcriptOf(...steps), stage, echo);

const credentials = { AccessKeyId: 'key', SecretAccessKey: 'secret', SessionToken: 'session' };
const DENIED = 'An error occurred (AccessDenied) when calling the ListBuckets operation: no';

describe('a transcript of the AWS CLI', () => {
  test('passes where everything comes as expected', async () => {
    const before = clock.now();
    expect(
      await found(
        { run: ['json', JSON.stringify({ Credentials: credentials })], signsIn: 'me' },
        { as: 'me', run: ['who', 'am'], prints: 'who am key secret session' },
        { run: ['sign', 'in {{token:staging}} {{token}}'], keeps: 'said' },
        { run: ['say', '{{said}}'], prints: 'say sign in token of staging token of none' },
        { run: ['json', '{"a":[{"b":1,"c":2}],"d":3}'], answers: { a: [{ b: 1 }] } },
        { run: ['fail', DENIED], refused: 'AccessDenied' },
        { passSeconds: 60 },
      ),
    ).toEqual([]);
    expect(clock.now() - before).toBe(60_000);
  });

  test.each([
    ['another answer', { run: ['json', '{"a":1}'], answers: { a: 2 } }, 'answer.a is 1, expected 2'],
    ['another text', { run: ['say', 'a'], prints: 'say b' }, 'it printed "say a"'],
    ['nothing to keep', { run: ['json', 'None'], keeps: 'x' }, 'nothing to keep as x'],
    ['a name that nobody kept', { run: ['say', '{{x}}'], prints: 'x' }, 'no step has kept x'],
    ['a session that nobody has', { as: 'x', run: ['say', 'a'], prints: 'a' }, 'nobody signed in as x'],
    ['a failure', { run: ['fail', DENIED], prints: '' }, 'exit code 255: An error occurred'],
    ['another failure', { run: ['fail', DENIED], refused: 'Throttling' }, 'expected Throttling'],
    ['no failure', { run: ['say', 'a'], refused: 'AccessDenied' }, 'it went through'],
  ])('%s is a finding', async (_, step, finding) => {
    expect(await found(step)).toEqual([expect.stringContaining(finding)]);
  });

  test('a fault of the emulator is a finding, and a service that nobody called', async () => {
    const transcript = { ...transcriptOf({ passSeconds: 1 }), everyService: true };
    const broken = { ...stage, aws: { ...stage.aws, failures: ['s3: no model'] } } as unknown as Stage;
    expect(await play(transcript, broken, echo)).toEqual([
      'fault of the emulator: s3: no model',
      'no call went to sts',
    ]);
  });

  test.each([
    [[1, 2], [1], 'answer is [1,2], expected [1]'],
    [{ a: {} }, { a: { b: 1 } }, 'answer.a.b is missing, expected 1'],
    ['a', { a: 1 }, 'answer is "a", expected {"a":1}'],
  ])('%j is not %j', (actual, expected, difference) => {
    expect(differences(actual, expected)).toEqual([difference]);
  });

  test('the one of the sample platform signs in, is denied, and meets an expired session', () => {
    const file = join(__dirname, '../../conformance/aws-cli/calls.json');
    const { steps } = transcriptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    const refused = steps.flatMap((step) => ('refused' in step ? step.refused : []));
    expect(refused).toEqual(expect.arrayContaining(['AccessDenied', 'ExpiredTokenException']));
  });
});
