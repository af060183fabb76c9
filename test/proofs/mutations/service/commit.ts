import { editJob, editWorkflow, type Mutation } from '../../sample';
import { ROLLBACK } from '../workflow-names';

const FINDER = 'find-image';
const BACK = 'rollback-production';

const astray = (
  name: string,
  apply: Mutation['apply'],
  place: Mutation['place'] = /kvs-infer-rollback\.yml/,
): Mutation => ({ name, owner: 'P08', place, apply });

const edit =
  (job: string, from: string | RegExp, to: string): Mutation['apply'] =>
  (sample) =>
    editJob(sample, ROLLBACK, job, from, to);

const COMMIT_INPUT = /(description: Commit to go back to[^\n]*\n\s+type: string\n\s+required: )false/;

/** Ways in which a commit that somebody names leads elsewhere, or nowhere. */
export const COMMIT_ROLLBACK_MUTATIONS: readonly Mutation[] = [
  astray('a commit that nobody chose', (sample) =>
    editWorkflow(
      sample,
      ROLLBACK,
      COMMIT_INPUT,
      'description: Commit\n        type: string\n        default: 0123456789ab\n        required: false',
    ),
  ),
  astray('a commit that must be named', (sample) =>
    editWorkflow(
      sample,
      ROLLBACK,
      COMMIT_INPUT,
      'description: Commit\n        type: string\n        required: true',
    ),
  ),
  astray(
    'the commit of the run in place of the one that is named',
    edit(FINDER, 'inputs.commit }}', 'github.sha }}'),
  ),
  astray('the image of another workload', edit(FINDER, 'image find kvs-infer', 'image find bikeshare')),
  astray('a commit without image that goes on', edit(FINDER, ' --required', '')),
  astray(
    'an image that is looked for only sometimes',
    edit(FINDER, '        id: find\n', '        id: find\n        if: inputs.revision == inputs.commit\n'),
  ),
  astray('a search whose end nobody sees', edit(FINDER, '--required', '--required || true')),
  astray(
    'a search that never starts',
    edit(FINDER, "if: inputs.commit != ''", "if: inputs.commit == 'main'"),
  ),
  astray('a search without a commit', edit(FINDER, "if: inputs.commit != ''", 'if: always()')),
  astray(
    'a commit beside a revision that nobody refuses',
    edit(FINDER, /      - name: Refuse a commit[\s\S]*?\n\n/, ''),
  ),
  astray(
    'a refusal that goes on',
    edit(FINDER, '            exit 1\n          fi', '            exit 0\n          fi'),
  ),
  astray('a refusal that asks for nothing', edit(FINDER, 'REVISION: ${{ inputs.revision }}', "REVISION: ''")),
  astray(
    'a rollback although no image was found',
    edit(BACK, "&& (inputs.commit == '' || needs.find-image.result == 'success')", ''),
  ),
  astray(
    'a rollback that is skipped without a commit',
    edit(
      BACK,
      "(inputs.commit == '' || needs.find-image.result == 'success')",
      "needs.find-image.result == 'success'",
    ),
  ),
  astray(
    'a rollback to what another job found',
    edit(BACK, 'needs.find-image.outputs.digest', 'needs.other.outputs.digest'),
  ),
  astray('a rollback to another repository', edit(BACK, 'ml-platform/kvs-infer@', 'ml-platform/bikeshare@')),
  astray(
    'a rollback to a tag',
    edit(
      BACK,
      /IMAGE: [^\n]*/,
      'IMAGE: 222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/kvs-infer:latest',
    ),
  ),
  astray(
    'a digest that another output tells',
    edit(FINDER, 'steps.find.outputs.digest', 'steps.find.outputs.tag'),
  ),
  astray(
    'a rollback to the image in every run',
    edit(
      BACK,
      /(runs the image of the commit\n\s+)if: inputs\.commit != ''\n/,
      'runs the image of the commit\n',
    ),
  ),
  astray(
    'a commit that only lists',
    edit(BACK, "if: inputs.revision == '' && inputs.commit == ''", "if: inputs.revision == ''"),
  ),
  astray(
    'a workflow without the commit',
    edit(BACK, /      # With `exec`[^\n]*\n      - name: Roll back to what runs[\s\S]*$/, ''),
  ),
];
