import type { Mutation, Sources } from '../sample';
import { inJob } from './in-job';
import { DEPLOY, job } from './workflow-names';

const REPOSITORY = '222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/kvs-infer';
const BUILT = '@${{ needs.build.outputs.digest }}';
const PUSH = '          push: true\n';
const LITERAL = `sha256:${'0123456789abcdef'.repeat(4)}`;

const change = (id: string, from: string | RegExp, to: string) => (sample: Sources) =>
  inJob(sample, DEPLOY, id, from, to);

function image(name: string, place: string, apply: Mutation['apply']): Mutation {
  return { name, owner: 'P08', place: job(place), apply };
}

/** A copy of the build job under another name. */
function buildAgain(sample: Sources): void {
  const text = sample.workflows.find(({ file }) => file.endsWith(DEPLOY))?.text ?? '';
  const [block = ''] = /\n {2}build:\n[\s\S]*?(?=\n {2}\S)/.exec(text) ?? [];
  inJob(
    sample,
    DEPLOY,
    'scan',
    '  scan:\n',
    `${block.slice(1).replace('  build:', '  rebuild:')}\n  scan:\n`,
  );
}

/** Deployments of another image than the one that was built, tested and scanned. */
export const BUILT_IMAGE_MUTATIONS: readonly Mutation[] = [
  image('a tag is deployed', 'deploy-production', change('deploy-production', BUILT, ':latest')),
  image(
    'a digest that somebody wrote down',
    'deploy-production',
    change('deploy-production', BUILT, `@${LITERAL}`),
  ),
  image(
    'a digest that somebody types in',
    'deploy-staging',
    change('deploy-staging', BUILT, '@${{ inputs.environment }}'),
  ),
  image(
    'a repository from a variable',
    'deploy-staging',
    change('deploy-staging', `IMAGE: ${REPOSITORY}`, 'IMAGE: ${{ vars.REPOSITORY }}'),
  ),
  image('no image at all', 'deploy-staging', change('deploy-staging', ' --image "$IMAGE"', '')),
  image('an output of another job', 'deploy-production', (sample) => {
    change(
      'scan',
      '    steps:\n',
      '    outputs:\n      digest: ${{ steps.scan.outputs.digest }}\n    steps:\n',
    )(sample);
    change('deploy-production', 'needs.build.outputs.digest', 'needs.scan.outputs.digest')(sample);
  }),
  image('an image that is built a second time for production', 'deploy-production', (sample) => {
    buildAgain(sample);
    change('deploy-production', 'needs: [build,', 'needs: [build, rebuild,')(sample);
    change('deploy-production', 'needs.build.outputs.digest', 'needs.rebuild.outputs.digest')(sample);
  }),
  image(
    'an output that is no digest',
    'build',
    change(
      'build',
      'digest: ${{ steps.image.outputs.digest }}\n    steps',
      'digest: ${{ steps.find.outputs.tag }}\n    steps',
    ),
  ),
  image(
    'a digest from outside of the build',
    'build',
    change('build', 'FOUND: ${{ steps.find.outputs.digest }}', 'FOUND: ${{ vars.DIGEST }}'),
  ),
  image(
    'a script that writes a digest of its own',
    'build',
    change('build', 'echo "digest=$digest"', `echo "digest=${LITERAL}"`),
  ),
  image(
    'a script that replaces the digest',
    'build',
    change('build', 'digest="${FOUND:-$BUILT}"', 'digest="$(cat digest)"'),
  ),
  image(
    'a build of another folder',
    'build',
    change('build', 'context: services/kvs-infer', 'context: services/kvs-train'),
  ),
  image(
    'an image that was found for another commit',
    'build',
    change('build', 'image find kvs-infer', 'image find kvs-infer --commit 0123456789abcdef'),
  ),
  image('settings of the build from outside of the manifest', 'build', (sample) => {
    change('build', PUSH, `${PUSH}          build-args: MODE=debug\n`)(sample);
  }),
  image('files of another place in the build', 'build', (sample) => {
    change('build', PUSH, `${PUSH}          build-contexts: app=https://example.com/app.git\n`)(sample);
  }),
  image(
    'layers from the cache of a stranger',
    'build',
    change('build', /cache-from: \S+/, 'cache-from: type=registry,ref=docker.io/stranger/cache:latest'),
  ),
  image(
    'layers from a cache that pull requests write',
    'build',
    change('build', /cache-from: \S+/, 'cache-from: type=gha'),
  ),
  image(
    'the tags of a release on another digest',
    'build',
    change('build', '@${{ steps.image.outputs.digest }}', `@${LITERAL}`),
  ),
  image('an attestation of another digest', 'attest', (sample) => {
    change(
      'attest',
      /subject-digest: \$\{\{ needs\.build\.outputs\.digest \}\}(?=\n[\s\S]*sbom-path)(?![\s\S]*subject-digest[\s\S]*sbom-path)/,
      `subject-digest: ${LITERAL}`,
    )(sample);
  }),
];
