import {
  ACTION_PINS,
  type ActionName,
  COMMAND_PATH,
  commandLine,
  INCIDENTS,
  parsePins,
  pin,
} from '../../workflows';
import { checkout } from '../../workflows/steps/checkout';
import { commandStep } from '../../workflows/steps/command';
import { runStep } from '../../workflows/steps/run';
import { usesStep } from '../../workflows/steps/uses';

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('the pins', () => {
  test.each(Object.entries(ACTION_PINS))('%s is pinned to a full commit with a reason', (_, entry) => {
    expect(entry.sha).toMatch(/^[0-9a-f]{40}$/);
    expect(entry.version).toMatch(/^v\d+\.\d+\.\d+$/);
    expect(entry.reason.length).toBeGreaterThan(10);
    for (const download of entry.downloads) expect(entry.inputs).toContain(download.input);
    for (const input of entry.requiredInputs) expect(entry.inputs).toContain(input);
  });

  test('no commit is pinned twice under different names', () => {
    const shas = Object.values(ACTION_PINS).map(({ sha }) => sha);
    expect(new Set(shas).size).toBe(shas.length);
  });

  const good = ACTION_PINS['aquasecurity/trivy-action']!;
  const [commit] = INCIDENTS.commits;

  test.each([
    ['a malicious commit', { 'aquasecurity/trivy-action': { ...good, sha: commit!.sha } }, /CVE-2025-30066/],
    [
      'the object of an annotated tag',
      { 'aquasecurity/trivy-action': { ...good, sha: 'a9c7b0f06e461e9d4b4d1711f154ee024b8d7ab8' } },
      /tag object of v0.36.0/,
    ],
    ['a compromised action', { 'actions-cool/issues-helper': good }, /every tag, still in place/],
    ['a part of a compromised action', { 'tj-actions/changed-files/sub': good }, /before v46.0.1/],
    [
      'a malicious tool',
      { 'aquasecurity/trivy-action': { ...good, downloads: [{ ...good.downloads[0], value: 'v0.69.4' }] } },
      /any version but v0.69.4/,
    ],
  ])('refuse %s', (_, pins, message) => {
    expect(() => parsePins(pins, INCIDENTS)).toThrow(code('CompromisedPin'));
    expect(() => parsePins(pins, INCIDENTS)).toThrow(message);
  });

  test.each([
    ['a tag instead of a commit', { sha: 'v0.36.0' }],
    ['a short commit', { sha: good.sha.slice(0, 12) }],
    ['a moving version', { version: 'v0' }],
    ['a missing reason', { reason: '' }],
    ['a runtime that GitHub has withdrawn', { runtime: 'node20' }],
  ])('refuse %s', (_, change) => {
    expect(() => parsePins({ 'aquasecurity/trivy-action': { ...good, ...change } }, INCIDENTS)).toThrow();
  });

  test('every malicious tag object and commit of the list is a full commit id', () => {
    for (const { sha } of INCIDENTS.commits) expect(sha).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('a step', () => {
  test.each(['actions/checkout-evil', 'toString', '__proto__'])(
    'fails with the unreviewed action %s',
    (name) => {
      expect(() => pin(name)).toThrow(code('UnpinnedAction'));
      expect(() => usesStep({ name: 'Evil', uses: name as ActionName })).toThrow(code('UnpinnedAction'));
    },
  );

  test('fails with an input that the pinned release does not have', () => {
    const misspelt = () =>
      usesStep({ name: 'Get', uses: 'actions/checkout', with: { 'fetch-dept': 0, depth: 1 } });
    expect(misspelt).toThrow(code('UnknownActionInput'));
    expect(misspelt).toThrow(/step "Get", actions\/checkout@v7.0.1: got fetch-dept; allowed: .*fetch-depth/);
    expect(misspelt).toThrow(/got depth/);
  });

  test('fails without an input that the action needs', () => {
    const incomplete = () => usesStep({ name: 'Keep', uses: 'actions/upload-artifact', with: { name: 'x' } });
    expect(incomplete).toThrow(code('MissingActionInput'));
    expect(incomplete).toThrow(/got no path/);
  });

  test('fails with an expression in its script or command', () => {
    const script = () => runStep({ name: 'Greet', run: ['true', 'echo ${{ github.actor }}'] });
    expect(script).toThrow(code('ExpressionInRun'));
    expect(script).toThrow(/step "Greet": got \$\{\{ github.actor \}\}/);
    const options = [{ flag: '--revision', value: '${{ inputs.revision }}' }];
    const command = { verb: 'rollback', subject: 'kvs-infer', options };
    expect(() => commandStep({ name: 'Back', command, calls: [] })).toThrow(code('ExpressionInRun'));
  });

  test('carries the reviewed versions of the tools that its action downloads', () => {
    expect(usesStep({ name: 'Buildx', uses: 'docker/setup-buildx-action' }).with).toEqual({
      version: 'v0.36.1',
      'driver-opts': expect.stringMatching(/^image=moby\/buildkit:v[\d.]+@sha256:[0-9a-f]{64}$/),
    });
  });

  test('leaves no credentials behind when it checks out', () => {
    expect(checkout().with).toEqual({ 'persist-credentials': false });
  });

  test('writes a command with quoted variables', () => {
    const options = [
      { flag: '--environment', value: 'production' },
      { flag: '--image', variable: 'IMAGE' },
      { flag: '--deployment', variable: 'DEPLOYMENT', optional: true },
      { flag: '--list' },
    ];
    expect(commandLine({ verb: 'image find', subject: 'kvs-infer', options })).toBe(
      `exec node ${COMMAND_PATH} image find kvs-infer --environment production --image "$IMAGE" ` +
        '${DEPLOYMENT:+--deployment "$DEPLOYMENT"} --list',
    );
  });
});
