import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { App, Stack } from 'aws-cdk-lib';
import fc from 'fast-check';
import {
  decodeManifest,
  encodeManifest,
  ERRORS,
  GithubSubject,
  ImageReference,
  LockstepError,
  manifestJsonSchema,
  SCHEMA_REVISION,
} from '../../contract';
import { buildPlatform } from '../../lib/build-platform';
import { manifestOf } from '../../lib/manifest';
import platform from '../fixtures/sample-platform';

const { manifest } = buildPlatform(platform);
const encoded = encodeManifest(manifest);

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (LockstepError.is(error)) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'nothing thrown';
}

describe('the manifest', () => {
  test('survives encoding and decoding', () => {
    expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest);
  });

  test('has a schema whose change raises the revision', () => {
    const hash = createHash('sha256').update(JSON.stringify(manifestJsonSchema())).digest('hex').slice(0, 16);
    const recorded = JSON.parse(
      readFileSync(join(__dirname, '../../contract/schema/version.json'), 'utf8'),
    ) as { revision: number; sha256: string };
    // When this fails: raise SCHEMA_REVISION in contract/manifest.ts once a release carries the old
    // schema, and write the new hash into contract/schema/version.json.
    expect({ revision: SCHEMA_REVISION, sha256: hash }).toEqual(recorded);
  });
});

describe('decoding refuses', () => {
  const changed = (change: (copy: Record<string, unknown>) => void): string => {
    const copy = JSON.parse(encoded) as Record<string, unknown>;
    change(copy);
    return JSON.stringify(copy);
  };

  test.each<[string, string, RegExp]>([
    ['text that is not JSON', '{', /^ManifestUnreadable .*text that is not JSON/],
    ['an empty document', '{}', /^ManifestUnreadable .*schemaRevision/s],
    [
      'a newer revision',
      changed((copy) => (copy.schemaRevision = SCHEMA_REVISION + 1)),
      /^ManifestTooNew .*at most \d+; change: run `npx projen`/,
    ],
    [
      'a newer revision with fields that nobody knows',
      JSON.stringify({ schemaRevision: 99, anything: true }),
      /^ManifestTooNew /,
    ],
    ['an unknown field', changed((copy) => (copy.colour = 'red')), /^ManifestUnreadable .*got colour/s],
    [
      'a malformed account',
      changed((copy) => ((copy.environments as { account: string }[])[0]!.account = '1')),
      /^ManifestUnreadable .*environments\.0\.account/s,
    ],
  ])('%s', (_, text, message) => {
    expect(codeOf(() => decodeManifest(text))).toMatch(message);
  });

  test('never throws anything but its own error', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(codeOf(() => decodeManifest(text))).toMatch(/^Manifest(Unreadable|TooNew) /);
      }),
    );
  });
});

describe('building refuses', () => {
  const { roles, images, targets, gpuChecks } = manifest;
  const described = { roles, images, targets, gpuChecks };

  test('a token, naming the field and the construct', () => {
    const cluster = new Cluster(new Stack(new App(), 'Prod'), 'Gpu', { clusterName: 'prod-gpu' });
    const [target] = manifest.targets;
    const changed = [{ ...target!, spec: { ...(target!.spec as object), cluster: cluster.clusterName } }];
    const message = codeOf(() => manifestOf(platform, { ...described, targets: changed }));
    expect(message).toContain(
      'TokenInManifest: targets.0.spec.cluster of ml-platform-kvs-infer-staging/Service',
    );
    expect(message).toContain('publish the value through an SSM parameter');
  });

  test('a token inside a longer text', () => {
    const stack = new Stack(new App(), 'Prod');
    const changed = [{ ...manifest.roles[0]!, arn: `arn:aws:iam::${stack.account}:role/x` }];
    expect(codeOf(() => manifestOf(platform, { ...described, roles: changed }))).toContain(
      'TokenInManifest: roles.0.arn',
    );
  });

  test('the same id twice, naming both constructs', () => {
    const [target] = manifest.targets;
    const twice = [target!, { ...target!, constructPath: 'Other/Service' }];
    expect(codeOf(() => manifestOf(platform, { ...described, targets: twice }))).toMatch(
      /DuplicateEntry: targets of the manifest: got id "kvs-infer-staging" at ml-platform-kvs-infer-staging\/Service and at Other\/Service/,
    );
  });
});

describe('references', () => {
  const digest = `sha256:${'a'.repeat(64)}`;

  test('A03 an image is named by digest', () => {
    const image = ImageReference.parse(`111111111111.dkr.ecr.us-east-1.amazonaws.com/ml/kvs@${digest}`);
    expect(image).toMatchObject({
      repository: '111111111111.dkr.ecr.us-east-1.amazonaws.com/ml/kvs',
      digest,
    });
  });

  test.each([
    '',
    'kvs',
    'kvs:latest',
    `kvs@sha256:${'a'.repeat(63)}`,
    `kvs @${digest}`,
    `KVS@${digest}`,
    `kvs@${digest}\n`,
    `kvs@${digest.toUpperCase()}`,
  ])('A03 the image %j is refused', (text) => {
    expect(codeOf(() => ImageReference.parse(text))).toMatch(
      /^ImageWithoutDigest .*<repository>@sha256:<64 hex digits>/,
    );
  });

  test('subjects have the legacy form, and the immutable one where the ids are known', () => {
    const names = { owner: 'o', name: 'r', defaultBranch: 'main' };
    expect(GithubSubject.environment(names, 'a:b')).toEqual(['repo:o/r:environment:a%3Ab']);
    expect(GithubSubject.branch({ ...names, ownerId: '1', repositoryId: '2' }, 'main')).toEqual([
      'repo:o/r:ref:refs/heads/main',
      'repo:o@1/r@2:ref:refs/heads/main',
    ]);
  });
});

test('every error code says what it means and what to do', () => {
  for (const [code, { exit, meaning, remedy }] of Object.entries(ERRORS)) {
    expect(code).toMatch(/^[A-Z][A-Za-z]+$/);
    expect([1, 2, 130]).toContain(exit);
    expect(meaning.length).toBeGreaterThan(20);
    expect(remedy.length).toBeGreaterThan(20);
  }
});
