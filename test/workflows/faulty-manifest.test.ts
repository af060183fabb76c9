import type { DeployManifest } from '../../contract';
import { planPipelines } from '../../workflows';
import { byPromotion, withTargets } from './by-promotion';
import { manifest, withImage, withWorkload } from '../fixtures/manifest';

describe('fails', () => {
  const whole = manifest();
  const [first] = whole.targets;

  test.each<[string, DeployManifest, string, RegExp]>([
    [
      'when the image is not declared',
      withWorkload({ image: 'other' }),
      'DanglingReference',
      /got other; allowed: kvs-infer/,
    ],
    ['when a workload has no image', withWorkload({ image: undefined }), 'DanglingReference', /got nothing/],
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
  ])('%s', (_, faulty, code, message) => {
    expect(() => planPipelines(faulty)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
