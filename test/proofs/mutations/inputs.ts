import { editWorkflow, type Mutation } from '../sample';
import { inJob } from './in-job';
import { DEPLOY, job, ROLLBACK } from './workflow-names';

/** Defects of inputs, outputs, secrets and variables. */
export const INPUT_MUTATIONS: readonly Mutation[] = [
  {
    name: 'an input that nothing reads',
    owner: 'P11',
    place: /kvs-infer-deploy\.yml:\d+/,
    apply: (sample) =>
      editWorkflow(sample, DEPLOY, '    inputs:\n', '    inputs:\n      reason:\n        type: string\n'),
  },
  {
    name: 'an input that nobody declared',
    owner: 'P11',
    place: job('rollback-staging', ROLLBACK),
    apply: (sample) =>
      inJob(sample, ROLLBACK, 'rollback-staging', '${{ inputs.revision }}', '${{ inputs.version }}'),
  },
  {
    name: 'a secret that nobody provides',
    owner: 'P11',
    place: job('build'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'build',
        '          fetch-depth: 0\n',
        '          fetch-depth: 0\n          token: ${{ secrets.DEPLOY_TOKEN }}\n',
      ),
  },
  {
    name: 'a variable that nobody provides',
    owner: 'P11',
    place: job('deploy-staging'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'deploy-staging', 'aws-region: us-east-1', 'aws-region: ${{ vars.AWS_REGION }}'),
  },
  {
    name: 'an output of a job that does not declare it',
    owner: 'P11',
    place: job('attest'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'attest',
        '          name: sbom\n',
        '          name: sbom-${{ needs.scan.outputs.report }}\n',
      ),
  },
  {
    name: 'an output of a job that is not needed',
    owner: 'P11',
    place: job('rollback-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'rollback-staging',
        'needs.deploy-staging.outputs.deployment',
        'needs.deploy-production.outputs.deployment',
      ),
  },
  {
    name: 'an output that the command does not set',
    owner: 'P11',
    place: job('build'),
    apply: (sample) => inJob(sample, DEPLOY, 'build', 'steps.find.outputs.tag', 'steps.find.outputs.name'),
  },
  {
    name: 'an output that the action does not set',
    owner: 'P11',
    place: job('build'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'build', 'steps.build.outputs.digest', 'steps.build.outputs.image-digest'),
  },
  {
    name: 'an output that the script writes under another name',
    owner: 'P11',
    place: job('build'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'build', 'echo "digest=$digest" >>', 'echo "image_digest=$digest" >>'),
  },
  {
    name: 'a step id that nothing reads',
    owner: 'P11',
    place: job('test'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'test',
        '      - name: Run the unit tests\n',
        '      - name: Run the unit tests\n        id: unit\n',
      ),
  },
  {
    name: 'a variable of a step that its script does not read',
    owner: 'P11',
    place: job('deploy-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-staging',
        '        env:\n          IMAGE:',
        '        env:\n          REGION: us-east-1\n          IMAGE:',
      ),
  },
  {
    name: 'a variable of a script that was renamed in env',
    owner: 'P11',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'deploy-production', '          IMAGE: 222', '          IMAGE_URI: 222'),
  },
  {
    name: 'an expression inside a script',
    owner: 'P11',
    place: job('build'),
    apply: (sample) => inJob(sample, DEPLOY, 'build', 'case "$GITHUB_REF" in', 'case "${{ github.ref }}" in'),
  },
  {
    name: 'an output of a job that nothing reads',
    owner: 'P11',
    place: job('build'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'build',
        '    outputs:\n',
        '    outputs:\n      tag: ${{ steps.find.outputs.tag }}\n',
      ),
  },
];
