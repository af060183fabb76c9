import type { Mutation, Sources } from '../../sample';
import { inJob } from '../in-job';
import { job, SEVERAL } from '../workflow-names';

const REPOSITORY = '222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/production-platform';
const API = `${REPOSITORY}-api@\${{ needs.build-api.outputs.digest }}`;
const WORKER = `${REPOSITORY}-worker@\${{ needs.build-worker.outputs.digest }}`;
const OPTIONS = '--image "$IMAGE_API" --image "$IMAGE_WORKER"';
const LITERAL = `sha256:${'0123456789abcdef'.repeat(4)}`;

const change = (id: string, from: string | RegExp, to: string) => (sample: Sources) =>
  inJob(sample, SEVERAL, id, from, to);

const image = (
  name: string,
  place: string,
  apply: Mutation['apply'],
  owner: Mutation['owner'] = 'P08',
): Mutation => ({ name, owner, place: job(place, SEVERAL), apply });

/** The text of a job, to be put elsewhere. */
function blockOf(sample: Sources, id: string): string {
  const text = sample.workflows.find(({ file }) => file.endsWith(SEVERAL))?.text ?? '';
  const [block = ''] = new RegExp(`\\n {2}${id}:\\n[\\s\\S]*?(?=\\n {2}\\S)`).exec(text) ?? [];
  if (block === '') throw new Error(`no job ${id}`);
  return block.slice(1);
}

/** Deployments of something else than one of each image that the run built. */
const DEPLOYED: readonly Mutation[] = [
  image(
    'the digest of the sibling is deployed',
    'deploy-staging',
    change('deploy-staging', 'needs.build-worker.outputs.digest', 'needs.build-api.outputs.digest'),
  ),
  image('the digests of two images are swapped', 'deploy-production', (sample) => {
    change('deploy-production', 'needs.build-api.outputs.digest', 'needs.build-X.outputs.digest')(sample);
    change('deploy-production', 'needs.build-worker.', 'needs.build-api.')(sample);
    change('deploy-production', 'needs.build-X.', 'needs.build-worker.')(sample);
  }),
  image(
    'one image of two is deployed',
    'deploy-staging',
    change('deploy-staging', OPTIONS, '--image "$IMAGE_API"'),
  ),
  image(
    'one image is deployed twice',
    'deploy-staging',
    change('deploy-staging', OPTIONS, '--image "$IMAGE_API" --image "$IMAGE_API"'),
  ),
  image(
    'an image besides those of the target',
    'deploy-staging',
    change('deploy-staging', OPTIONS, `${OPTIONS} --image ${REPOSITORY}-extra@${LITERAL}`),
  ),
  image(
    'an image of another workload is deployed',
    'deploy-staging',
    change(
      'deploy-staging',
      `IMAGE_WORKER: ${WORKER}`,
      `IMAGE_WORKER: ${WORKER.replace('production-platform-worker', 'kvs-infer')}`,
    ),
    'P04',
  ),
  image(
    'an image that may be left out',
    'deploy-production',
    change('deploy-production', OPTIONS, '--image "$IMAGE_API" ${IMAGE_WORKER:+--image "$IMAGE_WORKER"}'),
  ),
  image(
    'the digest of one image was written down',
    'deploy-production',
    change('deploy-production', 'worker@${{ needs.build-worker.outputs.digest }}', `worker@${LITERAL}`),
  ),
];

/** Builds of which nobody can say that each image is built once, of its own sources. */
const BUILT: readonly Mutation[] = [
  image('an image is built a second time', 'deploy-staging', (sample) => {
    const again = blockOf(sample, 'build-worker')
      .replace('build-worker:', 'rebuild-worker:')
      .replace('build-worker-$', 'rebuild-worker-$');
    change('scan-api', '  scan-api:\n', `${again}\n  scan-api:\n`)(sample);
  }),
  image(
    'an image of the sources of its sibling',
    'build-worker',
    change(
      'build-worker',
      'context: services/production-platform/worker',
      'context: services/production-platform/api',
    ),
  ),
  image(
    'an image by the recipe of its sibling',
    'build-worker',
    change(
      'build-worker',
      'file: services/production-platform/worker/Dockerfile',
      'file: services/production-platform/api/Dockerfile',
    ),
  ),
  image(
    'an image that was found for its sibling',
    'deploy-staging',
    change('build-worker', 'image find production-platform-worker', 'image find production-platform-api'),
  ),
  image(
    'a tag that moves with each build',
    'build-worker',
    change(
      'build-worker',
      'tags: ${{ steps.find.outputs.tag }}',
      `tags: |\n            \${{ steps.find.outputs.tag }}\n            ${REPOSITORY}-worker:latest`,
    ),
  ),
  image(
    'a build that pushes into the repository of its sibling too',
    'build-worker',
    change(
      'build-worker',
      'tags: ${{ steps.find.outputs.tag }}',
      `tags: |\n            \${{ steps.find.outputs.tag }}\n            ${REPOSITORY}-api:sha-0123456789ab`,
    ),
  ),
  image(
    'the role of the sibling pushes',
    'build-worker',
    change(
      'build-worker',
      'role/ml-platform-production-platform-worker-publish',
      'role/ml-platform-production-platform-api-publish',
    ),
    'P04',
  ),
  image(
    'the tag of the sibling is put on an image',
    'build-worker',
    change('build-worker', 'image tag production-platform-worker', 'image tag production-platform-api'),
    'P04',
  ),
  image(
    'two builds wait for each other',
    'build-worker',
    change(
      'build-worker',
      'group: production-platform-build-worker-',
      'group: production-platform-build-api-',
    ),
  ),
];

/** Scans of which one says nothing about its image. */
const SCANNED: readonly Mutation[] = [
  image('a deployment that waits for one scan of two', 'deploy-staging', (sample) =>
    inJob(
      sample,
      SEVERAL,
      'deploy-staging',
      'needs: [build-api, build-worker, scan-api, scan-worker]',
      'needs: [build-api, build-worker, scan-api]',
    ),
  ),
  image('an image is scanned in place of its sibling', 'deploy-staging', (sample) => {
    change('scan-worker', `image-ref: ${WORKER}`, `image-ref: ${API}`)(sample);
    change('scan-worker', 'needs: [build-worker]', 'needs: [build-api, build-worker]')(sample);
  }),
  image(
    'the scan of one image lets pass what the other one must not have',
    'scan-worker',
    change('scan-worker', 'severity: CRITICAL,HIGH', 'severity: CRITICAL'),
  ),
  image(
    'the scan of one image whose failure is green',
    'scan-worker',
    change('scan-worker', '        id: scan\n', '        id: scan\n        continue-on-error: true\n'),
  ),
];

/** Defects of workloads with several images. */
export const SEVERAL_IMAGES_MUTATIONS: readonly Mutation[] = [...DEPLOYED, ...BUILT, ...SCANNED];
