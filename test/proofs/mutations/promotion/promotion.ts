import { editWorkflow, type Mutation, type Sources } from '../../sample';
import { inJob } from '../in-job';
import { FIRST, job, PROMOTE } from '../workflow-names';

const DEPLOYS = 'deploy-production';
const DIGEST = '${{ needs.resolve.outputs.digest }}';
const MODEL = '${{ needs.resolve.outputs.model }}';
const COMMAND = 'exec node .lockstep/cli.mjs resolve bikeshare --environment staging';
const LITERAL = `sha256:${'0123456789abcdef'.repeat(4)}`;

const change =
  (id: string, from: string | RegExp, to: string, file = PROMOTE) =>
  (sample: Sources) =>
    inJob(sample, file, id, from, to);
const after = (id: string, from: string, more: string) => change(id, from, `${from}${more}`);

const promotion = (
  name: string,
  place: string,
  apply: Mutation['apply'],
  file = PROMOTE,
  owner: Mutation['owner'] = 'P08',
): Mutation => ({ name, owner, place: job(place, file), apply });

/** Promotions of something else than what the environment before runs. */
const OTHER_VERSIONS: readonly Mutation[] = [
  promotion('a tag is promoted', DEPLOYS, change(DEPLOYS, `@${DIGEST}`, ':latest')),
  promotion('a digest that somebody wrote down is promoted', DEPLOYS, change(DEPLOYS, DIGEST, LITERAL)),
  promotion(
    'a digest that somebody types in is promoted',
    DEPLOYS,
    change(DEPLOYS, DIGEST, '${{ inputs.model }}'),
  ),
  promotion(
    'a promotion from another repository',
    DEPLOYS,
    change(DEPLOYS, 'ml-platform/bikeshare@', 'ml-platform/kvs-infer@'),
  ),
  promotion('a promotion without image', DEPLOYS, change(DEPLOYS, ' --image "$IMAGE"', '')),
  promotion(
    'the model of an input is deployed as it was typed in',
    DEPLOYS,
    change(DEPLOYS, `s3://ml-platform-bikeshare-models-222222222222/${MODEL}`, '${{ inputs.model }}'),
  ),
  promotion('the key of an input is deployed', DEPLOYS, change(DEPLOYS, MODEL, '${{ inputs.model }}')),
  promotion(
    'the model of another bucket is deployed',
    DEPLOYS,
    change(DEPLOYS, 's3://ml-platform-bikeshare-models-222222222222/', 's3://models-of-a-stranger/'),
  ),
  promotion('a promotion without model', DEPLOYS, change(DEPLOYS, ' --model "$MODEL"', '')),
  promotion(
    'a promotion whose model may be left out',
    DEPLOYS,
    change(DEPLOYS, ' --model "$MODEL"', ' ${MODEL:+--model "$MODEL"}'),
  ),
  promotion('image and model are confused', DEPLOYS, (sample) => {
    change(DEPLOYS, MODEL, DIGEST)(sample);
  }),
  promotion(
    'a job hands on something else as the digest',
    DEPLOYS,
    change('resolve', 'digest: ${{ steps.resolve.outputs.digest }}', 'digest: ${{ inputs.model }}'),
  ),
  promotion(
    'a job hands on another output as the model',
    DEPLOYS,
    change(
      'resolve',
      'model: ${{ steps.resolve.outputs.model }}',
      'model: ${{ steps.resolve.outputs.digest }}',
    ),
  ),
  promotion('a promotion that builds', 'resolve', (sample) => {
    const text = sample.workflows.find(({ file }) => file.endsWith(FIRST))?.text ?? '';
    const [step = ''] = / {6}- name: Build and push bikeshare\n[\s\S]*?(?=\n\n {6}- name)/.exec(text) ?? [];
    after('resolve', '    steps:\n', `${step}\n\n`)(sample);
  }),
];

/** Ways in which `resolve` tells of something else, or is gone round. */
const UNSOUND: readonly Mutation[] = [
  promotion(
    'production is promoted from itself',
    'resolve',
    change('resolve', '--environment staging', '--environment production'),
  ),
  promotion(
    'another workload is promoted',
    'resolve',
    change('resolve', 'resolve bikeshare', 'resolve kvs-infer'),
  ),
  promotion(
    'a model that is always given',
    'resolve',
    change('resolve', '${MODEL:+--model "$MODEL"}', '--model "$MODEL"'),
  ),
  promotion(
    'a model that nobody chose',
    'resolve',
    change(
      'resolve',
      'MODEL: ${{ inputs.model }}',
      'MODEL: s3://ml-platform-bikeshare-models-222222222222/old/model.tar.gz',
    ),
  ),
  promotion('a resolution whose failure is swallowed', 'resolve', after('resolve', COMMAND, ' || true')),
  promotion(
    'a resolution whose failure is green',
    'resolve',
    after('resolve', '        id: resolve\n', '        continue-on-error: true\n'),
  ),
  promotion(
    'a resolution with a condition',
    'resolve',
    after('resolve', '        id: resolve\n', "        if: inputs.model == ''\n"),
  ),
  promotion(
    'a promotion that waits for no resolution',
    DEPLOYS,
    change(DEPLOYS, '    needs: [resolve]\n', ''),
  ),
  promotion(
    'a promotion that runs although nothing was resolved',
    DEPLOYS,
    after(DEPLOYS, '    needs: [resolve]\n', '    if: ${{ !cancelled() }}\n'),
  ),
  {
    name: 'a choice of a model that starts nothing',
    owner: 'P08',
    place: /bikeshare-promote-production\.yml:\d+$/,
    apply: change(
      'resolve',
      '    timeout-minutes: 10\n',
      "    if: inputs.model == ''\n    timeout-minutes: 10\n",
    ),
  },
  promotion(
    'something else stands in for the resolution',
    DEPLOYS,
    change(
      'resolve',
      new RegExp(`${COMMAND.replaceAll('.', '\\.')}[^\\n]*`),
      'echo "digest=none" >> "$GITHUB_OUTPUT"',
    ),
  ),
];

const trigger = (name: string, file: string, from: string, to: string): Mutation => ({
  name,
  owner: 'P08',
  place: new RegExp(`${file.replace('.', '\\.')}(?::\\d+)?$`),
  apply: (sample) => editWorkflow(sample, file, from, to),
});
const BY_HAND = '  workflow_dispatch:\n';
const INPUT = /\n {4}inputs:[\s\S]*?required: false\n/;

/** Deliveries by promotion that start when nobody decided so, or not when they should. */
const TRIGGERS: readonly Mutation[] = [
  trigger('a promotion on every push', PROMOTE, BY_HAND, `  push:\n    branches: [main]\n${BY_HAND}`),
  trigger('a promotion by the clock', PROMOTE, BY_HAND, `  schedule:\n    - cron: "0 5 * * *"\n${BY_HAND}`),
  trigger('a promotion that a program starts', PROMOTE, BY_HAND, `  repository_dispatch:\n${BY_HAND}`),
  trigger(
    'a first environment that no push reaches',
    FIRST,
    '    branches:\n      - main\n',
    '    branches:\n      - release\n',
  ),
  trigger(
    'a first environment that a change of the service does not reach',
    FIRST,
    '      - services/bikeshare/**\n',
    '      - services/bikeshares/**\n',
  ),
  {
    name: 'a promotion that nobody can start',
    owner: 'P08',
    place: /bikeshare-promote-production\.yml$/,
    apply: (sample) => editWorkflow(sample, PROMOTE, BY_HAND, '  workflow_call:\n'),
  },
  {
    name: 'a first environment that nobody can deliver to by hand',
    owner: 'P08',
    place: /bikeshare-cd-staging\.yml$/,
    apply: (sample) => {
      editWorkflow(sample, FIRST, new RegExp(`${BY_HAND}${INPUT.source.slice(2)}`), '');
      inJob(sample, FIRST, 'deploy-staging', 'MODEL: ${{ inputs.model }}', 'MODEL: ""');
    },
  },
  {
    name: 'a promotion in the run that built the image',
    owner: 'P08',
    place: job('deploy-staging', FIRST),
    apply: (sample) =>
      inJob(sample, FIRST, 'deploy-staging', '--environment staging', '--environment production'),
  },
  {
    name: 'a promotion without a way back',
    owner: 'P09',
    place: job(DEPLOYS, PROMOTE),
    apply: (sample) =>
      inJob(sample, PROMOTE, 'rollback-production', 'rollback bikeshare', 'verify bikeshare'),
  },
  promotion(
    'a promotion whose way back rolls another environment back',
    DEPLOYS,
    change('rollback-production', '--environment production', '--environment staging'),
    PROMOTE,
    'P09',
  ),
];

/** The first environment, where a run may name a model. */
const MODELS: readonly Mutation[] = [
  promotion(
    'every push deploys an empty model',
    'deploy-staging',
    change('deploy-staging', '${MODEL:+--model "$MODEL"}', '--model "$MODEL"', FIRST),
    FIRST,
  ),
  promotion(
    'every push deploys the model that the file names',
    'deploy-staging',
    change(
      'deploy-staging',
      'MODEL: ${{ inputs.model }}',
      'MODEL: s3://ml-platform-bikeshare-models-222222222222/fixed/model.tar.gz',
      FIRST,
    ),
    FIRST,
  ),
  promotion(
    'a model for a workload that has none',
    'deploy-staging',
    change(
      'deploy-staging',
      '--image "$IMAGE"',
      '--image "$IMAGE" --model s3://models/key/model.tar.gz',
      'kvs-infer-deploy.yml',
    ),
    'kvs-infer-deploy.yml',
  ),
  promotion(
    'the image of another run for the first environment',
    'deploy-staging',
    change('deploy-staging', '@${{ needs.build.outputs.digest }}', `@${LITERAL}`, FIRST),
    FIRST,
  ),
  promotion(
    'a first environment behind no scan',
    'deploy-staging',
    change('deploy-staging', 'needs: [build, scan]', 'needs: [build]', FIRST),
    FIRST,
  ),
];

/** Defects of a delivery by promotion. */
export const PROMOTION_MUTATIONS: readonly Mutation[] = [
  ...OTHER_VERSIONS,
  ...UNSOUND,
  ...TRIGGERS,
  ...MODELS,
];
