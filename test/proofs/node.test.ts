import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { K3S_INSTANCE_TYPES, K3S_MINIMUM_MEMORY_MIB, K3S_OWN_MEMORY_MIB } from '../../constructs/k3s-node';
import { commitTags } from '../../proofs/flow/commit-tag';
import { suitesOf } from '../../proofs/flow/test-suites';
import { LEAST_MEMORY_MIB, NODE_CAPACITY, TAKEN_BY_K3S } from '../../proofs/node/instance-types';
import { checksumOf, REVIEWED_CHECKSUMS } from '../../proofs/node/reviewed-scripts';
import { mebibytes, milliCpu } from '../../proofs/node/quantity';

test('E05 what a node runs is what was reviewed', () => {
  const written = Object.fromEntries(
    Object.keys(REVIEWED_CHECKSUMS).map((path) => [
      path,
      checksumOf(readFileSync(join(__dirname, '../..', path), 'utf8')),
    ]),
  );
  // When this fails: review the change of the script, then write its checksum into proofs/node/reviewed-scripts.json.
  expect(written).toEqual(REVIEWED_CHECKSUMS);
});

describe('E10 what a node offers and pods ask for', () => {
  test('stands in a table of its own, which agrees with that of the constructs', () => {
    expect(NODE_CAPACITY).toEqual(K3S_INSTANCE_TYPES);
    expect(LEAST_MEMORY_MIB).toBe(K3S_MINIMUM_MEMORY_MIB);
    expect(TAKEN_BY_K3S.memoryMib).toBe(K3S_OWN_MEMORY_MIB);
  });

  test.each([
    ['64Mi', 64],
    ['1Gi', 1024],
    ['1.5Gi', 1536],
    ['1024Ki', 1],
    ['1048576', 1],
    [2_097_152, 2],
    ['134217728k', 128_000],
    ['1M', 1e6 / 1_048_576],
    ['64MB', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('memory %s', (text, expected) => {
    expect(mebibytes(text)).toBe(expected);
  });

  test.each([
    ['100m', 100],
    ['1', 1000],
    [0.5, 500],
    ['1.5', 1500],
    ['1 core', undefined],
    [{}, undefined],
  ])('CPU %s', (text, expected) => {
    expect(milliCpu(text)).toBe(expected);
  });
});

describe('E02 the tests of a module', () => {
  const suites = suitesOf('shop', { language: 'go', version: '1.26', modules: ['a', 'b'] });
  const [vet, tests] = suites;

  test('are an examination and tests for each module', () => {
    expect(suites.map(({ name, directory }) => [name, directory])).toEqual([
      ['the examination of a', 'a'],
      ['the tests of a', 'a'],
      ['the examination of b', 'b'],
      ['the tests of b', 'b'],
    ]);
  });

  test.each([
    'go test -race ./...',
    'go test -race -count=1 -shuffle=on -timeout=5m ./...',
    'go test -v -race -cover -coverprofile=cover.out ./...',
    'exec go test -race ./...',
  ])('%s leaves nothing out', (script) => {
    expect(tests?.alone.test(script)).toBe(true);
  });

  test.each([
    'go test ./...',
    'go test -race',
    'go test -race ./... -run X',
    'go test -race=false ./...',
    'go test -racer ./...',
    'go test -race -vet=off ./...',
    'go test -race -tags=smoke ./...',
    'go test -race ./internal/...',
    'GOFLAGS=-short go test -race ./...',
    'go test -race ./...; true',
  ])('%s may leave something out', (script) => {
    expect(tests?.alone.test(script)).toBe(false);
  });

  test.each([
    ['go vet ./...', true],
    ['go vet -v ./...', true],
    ['go vet -vettool=x ./...', false],
    ['go vet .', false],
  ])('%s', (script, whole) => {
    expect(vet?.alone.test(script)).toBe(whole);
  });
});

describe('D01 the scripts of a package', () => {
  const suites = suitesOf('web', {
    language: 'node',
    version: '22',
    directory: 'services/web',
    scripts: ['lint', 'test'],
  });

  test('are one suite each', () => {
    expect(suites.map(({ name, directory, command }) => [name, directory, command])).toEqual([
      ['the script lint of web', 'services/web', 'npm run lint'],
      ['the script test of web', 'services/web', 'npm run test'],
    ]);
  });

  const [lint, tests] = suites;
  test.each(['npm run test', 'npm test', 'npm run-script test', 'exec npm run test'])(
    '%s leaves nothing out',
    (script) => {
      expect([tests?.program.test(script), tests?.alone.test(script)]).toEqual([true, true]);
      expect(lint?.program.test(script)).toBe(false);
    },
  );

  test.each([
    'npm run test --if-present',
    'npm run test -- --test-only',
    'npm run test:unit',
    'npm -C ../other test',
    'npm run test; true',
    'npm t',
  ])('%s may leave something out', (script) => {
    expect(tests?.alone.test(script)).toBe(false);
  });

  test.each(['npm run lint', 'npm lint'])('%s', (script) => {
    expect(lint?.alone.test(script)).toBe(script === 'npm run lint');
  });
});

describe('E03 the tag of a commit', () => {
  const writes = (run: string, env: Record<string, string> = {}) =>
    commitTags({ line: 1, run, env, with: {}, raw: {} }, 'tag', 'docker.io/octo/api');

  test.each([
    'echo "tag=docker.io/octo/api:sha-${GITHUB_SHA:0:12}" >> "$GITHUB_OUTPUT"',
    'echo "tag=docker.io/octo/api:sha-${GITHUB_SHA::40}" >> $GITHUB_OUTPUT',
  ])('%s', (run) => {
    expect(writes(run)).toBe(true);
  });

  test.each([
    'echo "tag=docker.io/octo/other:sha-${GITHUB_SHA:0:12}" >> "$GITHUB_OUTPUT"',
    'echo "tag=docker.io/octo/api:sha-${GITHUB_SHA:0:7}" >> "$GITHUB_OUTPUT"',
    'echo "tag=docker.io/octo/api:sha-${GITHUB_SHA:4:12}" >> "$GITHUB_OUTPUT"',
    'echo "tag=docker.io/octo/api:latest" >> "$GITHUB_OUTPUT"',
    'echo "name=docker.io/octo/api:sha-${GITHUB_SHA:0:12}" >> "$GITHUB_OUTPUT"',
    'GITHUB_SHA=0123456789ab; echo "tag=docker.io/octo/api:sha-${GITHUB_SHA:0:12}" >> "$GITHUB_OUTPUT"',
    'echo nothing',
  ])('not %s', (run) => {
    expect(writes(run)).toBe(false);
  });

  test('a repository in a variable is the one that the step gives', () => {
    const run = 'echo "tag=$REPOSITORY:sha-${GITHUB_SHA:0:12}" >> "$GITHUB_OUTPUT"';
    expect(writes(run, { REPOSITORY: 'docker.io/octo/api' })).toBe(true);
    expect(writes(run, { REPOSITORY: 'docker.io/octo/other' })).toBe(false);
    expect(writes(run)).toBe(false);
  });
});
