import type { Mutation } from '../sample';
import { inJob } from './in-job';
import { DEPLOY, job } from './workflow-names';

const SIGN_IN = 'aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3';
const CHECKOUT = 'actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1';

/** Defects of pins. */
export const PIN_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a pin moved to a branch',
    owner: 'P12',
    place: job('test'),
    apply: (sample) => inJob(sample, DEPLOY, 'test', CHECKOUT, 'actions/checkout@main'),
  },
  {
    name: 'a pin moved to a tag',
    owner: 'P12',
    place: job('deploy-production'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'deploy-production', SIGN_IN, 'aws-actions/configure-aws-credentials@v6'),
  },
  {
    name: 'another commit behind the same version',
    owner: 'P12',
    place: job('deploy-staging'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'deploy-staging',
        '@e6de054238d6b7531b4efff3b6587d9aade6a06c',
        `@${'0123456789'.repeat(4)}`,
      ),
  },
  {
    name: 'a version that does not belong to the commit',
    owner: 'P12',
    place: job('attest'),
    apply: (sample) => inJob(sample, DEPLOY, 'attest', '# v8.0.1', '# v8.1.0'),
  },
  {
    name: 'a commit that is known to steal credentials',
    owner: 'P12',
    place: job('scan'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'scan',
        'id: scan\n        uses: aquasecurity/trivy-action@ed142fd0673e97e23eac54620cfb913e5ce36c25 # v0.36.0',
        'id: scan\n        uses: aquasecurity/trivy-action@ddb9da4475c1cef7d5389062bdfdfbdbd1394648 # v0.36.0',
      ),
  },
  {
    name: 'an action that was compromised',
    owner: 'P12',
    place: job('test'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'test',
        CHECKOUT,
        'tj-actions/changed-files@0e58ed8671d6b60d0890c21b07f8835ace038e67 # v45.0.7',
      ),
  },
  {
    name: 'an action that nobody reviewed',
    owner: 'P12',
    place: job('build'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'build', CHECKOUT, `octo-org/checkout@${'0123456789'.repeat(4)} # v1.0.0`),
  },
  {
    name: 'an input that the action does not have',
    owner: 'P12',
    place: job('build'),
    apply: (sample) => inJob(sample, DEPLOY, 'build', 'fetch-depth: 0', 'fetch-dept: 0'),
  },
  {
    name: 'an input that the action needs was dropped',
    owner: 'P12',
    place: job('deploy-staging'),
    apply: (sample) => inJob(sample, DEPLOY, 'deploy-staging', '          aws-region: us-east-1\n', ''),
  },
  {
    name: 'a tool whose version was dropped',
    owner: 'P12',
    place: job('scan'),
    apply: (sample) =>
      inJob(sample, DEPLOY, 'scan', '          version: v0.70.0\n          image-ref', '          image-ref'),
  },
  {
    name: 'a tool at a malicious version',
    owner: 'P12',
    place: job('scan'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'scan',
        'version: v0.70.0\n          image-ref',
        'version: v0.69.4\n          image-ref',
      ),
  },
  {
    name: 'an image by tag',
    owner: 'P12',
    place: job('test'),
    apply: (sample) =>
      inJob(
        sample,
        DEPLOY,
        'test',
        '    runs-on: ubuntu-24.04\n',
        '    runs-on: ubuntu-24.04\n    container: python:3.11-slim\n',
      ),
  },
  {
    name: 'an action that is an image by tag',
    owner: 'P12',
    place: job('test'),
    apply: (sample) => inJob(sample, DEPLOY, 'test', CHECKOUT, 'docker://alpine/git:2.49.1'),
  },
  {
    name: 'an action from outside of the repository',
    owner: 'P12',
    place: job('test'),
    apply: (sample) => inJob(sample, DEPLOY, 'test', CHECKOUT, './../shared/checkout'),
  },
];
