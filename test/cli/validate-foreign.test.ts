import { actionlintJudge } from '../../cli/actionlint';
import { githubParser } from '../../cli/github-parser';
import type { ValidationReport } from '../../cli/validate';
import { add, afterEdit, findingsIn, jobs, placesIn } from './edited';

const DEPLOY = '.github/workflows/kvs-infer-deploy.yml';

describe('A12 foreign workflows', () => {
  let report: ValidationReport;
  const foreign = {
    fine: jobs('      - name: Say hello\n        run: echo hello\n'),
    unpinned: jobs(
      '      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n',
    ),
    injection: jobs(
      '      - name: Title\n        run: echo "${{ github.event.pull_request.title }}"\n',
    ).replace('on: push', 'on: pull_request'),
    secret: jobs('      - run: echo "$A"\n        env:\n          A: ${{ secrets.A }}\n'),
    'unknown-key': jobs('      - run: echo hello\n        runs: twice\n'),
    'broken-yaml': 'on: push\njobs:\n  one: [\n',
    empty: '',
    matrix: jobs('      - run: echo hello\n').replace(
      '    steps:',
      '    strategy:\n      matrix:\n        cuda: [a, b]\n        exclude:\n          - cuda: c\n    steps:',
    ),
    'signs-in': jobs(
      [
        '      - uses: aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3',
        '        with:',
        '          role-to-assume: arn:aws:iam::111111111111:role/ml-platform-kvs-infer-staging-deploy',
        '          aws-region: us-east-1',
        '      - run: aws s3 ls',
        '',
      ].join('\n'),
    ),
  };
  const at = (name: keyof typeof foreign) => placesIn(report, `.github/workflows/${name}.yml`);

  // One run for all of them: the linter takes two seconds to start, however much it reads.
  beforeAll(async () => {
    report = await afterEdit(
      (sample) => {
        for (const [name, text] of Object.entries(foreign))
          add(sample, text, `.github/workflows/${name}.yml`);
      },
      [githubParser, actionlintJudge],
    );
  }, 60_000);

  test('one without fault has no finding, and none of them is drift or a fault of the platform', () => {
    expect(at('fine')).toEqual([]);
    expect(findingsIn(report, DEPLOY)).toEqual([]);
    expect(findingsIn(report, 'platform.config.ts')).toEqual([]);
  });

  test('an action by its tag: P12 at the line of `uses`', () => {
    expect(at('unpinned')).toEqual(['8 P12']);
  });

  test('an expression in a script: P11, and the linter says who could write it', () => {
    expect(at('injection')).toEqual(expect.arrayContaining(['8 P11', '9 actionlint']));
    const messages = findingsIn(report, '.github/workflows/injection.yml').map(({ message }) => message);
    expect(messages.join('\n')).toContain('untrusted');
  });

  test('documented secrets: one that the platform does not provide is P11', () => {
    expect(at('secret')).toEqual(['8 P11']);
  });

  test("valid YAML: a key that GitHub does not know is found by GitHub's parser and by actionlint", () => {
    expect(at('unknown-key')).toEqual(expect.arrayContaining(['9 github', '9 actionlint']));
  });

  test('valid YAML: broken and empty files are named with the line, and say it once', () => {
    expect(at('broken-yaml')).toContain('4 yaml');
    expect(at('broken-yaml').filter((place) => place.endsWith('github'))).toEqual([]);
    expect(at('empty')).toContain('1 yaml');
  });

  test('matrix and exclusions: an exclusion that excludes nothing', () => {
    expect(at('matrix')).toEqual(['11 actionlint']);
  });

  test('id-token: one that assumes a role of the platform is asked for sign-in and calls', () => {
    expect(at('signs-in')).toEqual(expect.arrayContaining(['8 P02', '12 P04']));
  });
});
