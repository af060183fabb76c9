import { editWorkflow, type Mutation } from '../../sample';
import { inJob } from '../in-job';
import { CHECKS, FIRST, job, PROMOTE } from '../workflow-names';

const ROLLBACK = 'bikeshare-rollback.yml';
const OPTIONAL = 'required: false';
const DEFAULT = `${OPTIONAL}\n        default: s3://ml-platform-bikeshare-models-222222222222/old.tar.gz`;

const input = (name: string, file: string, to: string): Mutation => ({
  name,
  owner: 'P08',
  place: file,
  apply: (sample) => editWorkflow(sample, file, OPTIONAL, to),
});

const ref = (name: string, from: string | RegExp, to: string): Mutation => ({
  name,
  owner: 'P08',
  place: job('resolve', PROMOTE),
  apply: (sample) => inJob(sample, PROMOTE, 'resolve', from, to),
});

const queue = (name: string, from: string, to: string): Mutation => ({
  name,
  owner: 'P09',
  place: job('deploy-production', PROMOTE),
  apply: (sample) => inJob(sample, PROMOTE, 'deploy-production', from, to),
});

const artifact = (name: string, more: string): Mutation => ({
  name,
  owner: 'P12',
  place: job('inspect-production', CHECKS),
  apply: (sample) =>
    inJob(
      sample,
      CHECKS,
      'inspect-production',
      '          name: templates\n',
      `          name: templates\n          ${more}\n`,
    ),
});

/** How runs are started, and what they wait for and fetch. */
export const START_MUTATIONS: readonly Mutation[] = [
  input('a promotion that must name a model', PROMOTE, 'required: true'),
  input('a promotion of a model that nobody chose', PROMOTE, DEFAULT),
  input('a deployment of a model that nobody chose', FIRST, DEFAULT),
  input('a rollback to a revision that nobody chose', ROLLBACK, `${OPTIONAL}\n        default: abc`),
  ref('a promotion that looks at no ref', /      - name: Refuse a ref[\s\S]*?esac\n\n/, ''),
  ref('a promotion from every branch', 'refs/heads/main) ;;', 'refs/heads/*) ;;'),
  ref('a promotion from a tag', 'refs/heads/main) ;;', 'refs/heads/main | refs/tags/v*) ;;'),
  ref('a promotion that refuses a ref and goes on', 'exit 1', 'exit 0'),
  ref(
    'a promotion that refuses a ref in a step that may fail',
    '      - name: Refuse a ref that may not be released\n',
    '      - name: Refuse a ref that may not be released\n        continue-on-error: true\n',
  ),
  queue(
    'each run has a queue of its own',
    'group: bikeshare-production\n',
    'group: bikeshare-production-${{ github.run_id }}\n',
  ),
  queue('two environments have one queue', 'group: bikeshare-production\n', 'group: bikeshare-staging\n'),
  artifact('the templates of another run are compared', 'run-id: 1'),
  artifact('the templates of another repository are compared', 'repository: octo-org/other'),
];
