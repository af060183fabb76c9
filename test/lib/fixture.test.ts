import { Duration } from 'aws-cdk-lib';
import { decodeManifest, type DeployManifest, encodeManifest } from '../../contract';
import { definePlatform } from '../../lib';
import { buildPlatform } from '../../lib/build-platform';
import { manifest } from '../fixtures/manifest';
import { environmentOf, platformProps, service } from './platform-props';

const platform = (ids: readonly string[]) =>
  definePlatform(
    platformProps({
      name: 'ml-platform',
      repository: { owner: 'octo-org', name: 'ml-platform', ownerId: '123456', repositoryId: '456789' },
      environments: [
        { name: 'staging', account: '111111111111' },
        {
          name: 'production',
          account: '222222222222',
          reviewers: ['octo-org/ml', 'octocat'],
          waitTimer: Duration.minutes(5),
        },
      ],
      workloads: ids.map((id) =>
        service({
          id,
          source: `services/${id}`,
          tests: { python: '3.11' },
          image: { attestations: true },
          environments: [environmentOf(), environmentOf({ name: 'production' })],
        }),
      ),
    }),
  );

/** The manifest without what only the deployer of a kind reads. */
const envelope = (whole: DeployManifest) => ({
  ...whole,
  targets: whole.targets.map(({ kind, spec, calls, ...target }) => {
    expect([typeof kind, typeof spec]).toEqual(['string', 'object']);
    return { ...target, verbs: Object.keys(calls) };
  }),
});

// The tests of workflows/ and runtime/ run on the fixture: they show nothing if lib/ emits something else.
test.each([[['kvs-infer']], [['kvs-infer', 'other']]])(
  'the fixture is what a platform with %j emits',
  (workloads) => {
    const emitted = decodeManifest(encodeManifest(buildPlatform(platform(workloads)).manifest));
    expect(envelope(manifest({ workloads }))).toEqual(envelope(emitted));
  },
);
