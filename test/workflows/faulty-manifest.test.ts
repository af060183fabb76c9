import type { DeployManifest } from '../../contract';
import { planPipelines } from '../../workflows';
import { byPromotion, withTargets } from './by-promotion';
import { GPU_CHECK, gpuChecked } from './gpu-checked';
import { EMAIL, noticed, SLACK } from './noticed';
import { severalImages, TOKEN, withImages } from './several-images';
import { manifest, withImage, withWorkload } from '../fixtures/manifest';

/** Two workloads that build the same image. */
function withSecondWorkload(): DeployManifest {
  const whole = manifest({ workloads: ['kvs-infer', 'thief'] });
  const workloads = whole.workloads.map((workload) => ({ ...workload, images: ['kvs-infer'] }));
  return { ...whole, workloads };
}

/** Several images, or one without a role, of a workload that goes back to commits. */
function byCommit(whole: DeployManifest): DeployManifest {
  const workloads = whole.workloads.map((workload) => ({ ...workload, rollbackByCommit: true }));
  return { ...whole, workloads };
}

function atDockerHub(): DeployManifest {
  const whole = severalImages({ worker: 'dockerHub' });
  const images = whole.images.filter(({ name }) => name === 'worker');
  const ids = images.map(({ id }) => id);
  return {
    ...whole,
    images,
    targets: whole.targets.map((target) => ({ ...target, images: ids })),
    workloads: whole.workloads.map((workload) => ({ ...workload, images: ids })),
  };
}

function severalByPromotion(): DeployManifest {
  const whole = severalImages();
  return {
    ...whole,
    targets: whole.targets.map((target) => ({
      ...target,
      inspection: { role: target.deployRole, stacks: ['one'], calls: [] },
    })),
    workloads: whole.workloads.map((workload) => ({ ...workload, delivery: 'byPromotion' as const })),
  };
}

describe('fails', () => {
  const whole = manifest();
  const [first] = whole.targets;

  test.each<[string, DeployManifest, string, RegExp]>([
    [
      'when the image is not declared',
      withWorkload({ images: ['other'] }),
      'DanglingReference',
      /got other; allowed: kvs-infer/,
    ],
    ['when a workload has no image', withWorkload({ images: [] }), 'DanglingReference', /got nothing/],
    [
      'when a role is not declared',
      withImage({ publishRole: 'nobody' }),
      'DanglingReference',
      /publishRole: got nobody/,
    ],
    [
      'when an environment has no target',
      withWorkload({ environments: ['moon'] }),
      'DanglingReference',
      /got moon/,
    ],
    [
      'when two targets answer to one environment',
      { ...whole, targets: [...whole.targets, { ...first!, id: 'twin', constructPath: 'Twin' }] },
      'DuplicateEntry',
      /ml-platform-kvs-infer-staging\/Service and Twin/,
    ],
    [
      'when a job outlives the longest session of its role',
      { ...whole, targets: whole.targets.map((target) => ({ ...target, deployTimeoutMinutes: 60 })) },
      'SessionTooShort',
      /timeout of 135 minutes; allowed: at most 120 minutes/,
    ],
    [
      'when a tag pattern is read in different ways',
      withWorkload({ releaseTags: ['v[0-9]+'] }),
      'UnsupportedTagPattern',
      /v\[0-9\]\+/,
    ],
    [
      'when the environment that is promoted from may not be looked at',
      withTargets(byPromotion(), ({ inspection: _, ...target }) => target),
      'DanglingReference',
      /target bikeshare-staging, inspection: got nothing/,
    ],
    [
      'when the role that looks is not declared',
      withTargets(byPromotion(), (target) => ({
        ...target,
        inspection: { role: 'nobody', stacks: ['one'], calls: [] },
      })),
      'DanglingReference',
      /target bikeshare-staging, inspection.role: got nobody/,
    ],
    [
      'when the registry freezes the tag of the cache',
      withImage({ immutableTags: ['sha-*', 'build*'] }),
      'CacheTagNotMovable',
      /got build\*/,
    ],
    [
      'when the registry of one of several images freezes the tag of the cache',
      withImages(severalImages(), (image) =>
        image.registry === 'ecr' && image.name === 'worker' ? { ...image, immutableTags: ['*'] } : image,
      ),
      'CacheTagNotMovable',
      /image production-platform-worker /,
    ],
    [
      'E03 when an image is listed twice',
      withWorkload({ images: ['kvs-infer', 'kvs-infer'] }),
      'DuplicateEntry',
      /both named kvs-infer; allowed: each image once/,
    ],
    [
      'E03 when two images bear one name',
      withImages(severalImages(), (image) => ({ ...image, name: 'api' })),
      'DuplicateEntry',
      /api-images\/Images and .*worker-images\/Images, both named api/,
    ],
    [
      'E03 when an image belongs to another workload',
      withSecondWorkload(),
      'DuplicateEntry',
      /got kvs-infer, which workload thief builds too/,
    ],
    [
      'E03 when a target takes other images than its workload builds',
      withTargets(severalImages(), (target) => ({ ...target, images: ['production-platform-api'] })),
      'DanglingReference',
      /target production-platform-staging, images: got production-platform-api; allowed: production-platform-api, production-platform-worker/,
    ],
    [
      'E03 when a secret is not declared',
      { ...severalImages({ worker: 'dockerHub' }), secrets: [{ ...TOKEN, name: 'OTHER_TOKEN' }] },
      'DanglingReference',
      /image production-platform-worker, tokenSecret: got DOCKERHUB_TOKEN; allowed: OTHER_TOKEN/,
    ],
    [
      'E03 when several images are to be promoted, which takes one digest along',
      severalByPromotion(),
      'InvalidConfiguration',
      /workload production-platform, delivery: got byPromotion with production-platform-api, production-platform-worker/,
    ],
    [
      'A10 when the role of a GPU check is not declared',
      { ...gpuChecked(), roles: whole.roles },
      'DanglingReference',
      /GPU check kvs-infer-gpu-check, role: got kvs-infer-gpu-check/,
    ],
    [
      'A10 when a GPU check runs in an environment that nobody has',
      gpuChecked({ environment: 'moon' }),
      'DanglingReference',
      /GPU check kvs-infer-gpu-check, environment: got moon; allowed: staging, production/,
    ],
    [
      'A10 when a workload has two GPU checks',
      { ...gpuChecked(), gpuChecks: [GPU_CHECK, { ...GPU_CHECK, id: 'twin', constructPath: 'Twin' }] },
      'DuplicateEntry',
      /workload kvs-infer, gpuChecks: got ml-platform-kvs-infer-gpu-check\/Check and Twin/,
    ],
    [
      'A10 when a job of a GPU check outlives the longest session of its role',
      {
        ...gpuChecked(),
        gpuChecks: [{ ...GPU_CHECK, taskTimeoutMinutes: 100 }],
      },
      'SessionTooShort',
      /job check of kvs-infer-gpu-check, .*timeout of 135 minutes; allowed: at most 120 minutes/,
    ],
    [
      'D06 when the secret of a channel is not declared',
      { ...noticed([SLACK]), secrets: [TOKEN] },
      'DanglingReference',
      /workload kvs-infer, notices, slack: got SLACK_WEBHOOK_URL; allowed: DOCKERHUB_TOKEN/,
    ],
    [
      'D06 when the secret of a channel is in the environment that waits for an approval',
      {
        ...noticed([SLACK]),
        secrets: [{ ...TOKEN, name: SLACK.secret, environments: ['staging', 'production'] }],
      },
      'DanglingReference',
      /got SLACK_WEBHOOK_URL of staging, production; allowed: .* production-rollback/,
    ],
    [
      'D06 when mail goes to nobody',
      withWorkload({ notices: [EMAIL] }),
      'DanglingReference',
      /workload kvs-infer, notices: got email; allowed: targets with a postbox; kvs-infer-staging has none/,
    ],
    [
      'D06 when a postbox is there that nobody writes to',
      { ...noticed([EMAIL]), workloads: whole.workloads },
      'DanglingReference',
      /target kvs-infer-staging, postbox: got a postbox; allowed: notices of kvs-infer with the channel email/,
    ],
    [
      'D03 when several images are to be found by one commit',
      byCommit(severalImages()),
      'InvalidConfiguration',
      /workload production-platform, rollbackByCommit: got true with production-platform-api \(ecr\), production-platform-worker \(ecr\)/,
    ],
    [
      'D03 when the image of a commit is in a registry without roles',
      byCommit(atDockerHub()),
      'InvalidConfiguration',
      /rollbackByCommit: got true with production-platform-worker \(dockerHub\); allowed: one image, kept in ECR/,
    ],
  ])('%s', (_, faulty, code, message) => {
    expect(() => planPipelines(faulty)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
