import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import { endpointOf } from './aws-client';
import { type Connect, exportCaches, importCaches } from './build-cache';
import { failed, readContext } from './build-context';
import { type BuiltImage, descriptorOf, imageOf } from './built-image';
import type { ActionDefinition } from './definition';
import { loginOf } from './docker-config';
import { type ImageName, imageName } from './image-name';
import type { Inputs } from './inputs';
import { RegistryClient, RegistryFault } from './registry-client';
import { hasBuilder } from './setup-buildx';

/** @see https://github.com/docker/build-push-action#usage */
export function buildPush(): ActionDefinition {
  return {
    action: 'docker/build-push-action',
    limits:
      'Runs no instruction of the Dockerfile: the digest comes from the files of the context, build arguments, ' +
      'labels, target, platforms and commit, so the same commit gives the same digest, which a real build does not ' +
      'promise. .dockerignore is not honoured. Images and caches live in private registries of ECR.',
    seconds: 240,
    defaults: { 'no-cache': 'false', pull: 'false', load: 'false', push: 'false' },
    supports: [
      ...[
        'context',
        'file',
        'build-args',
        'labels',
        'target',
        'platforms',
        'push',
        'tags',
        'cache-from',
        'cache-to',
      ],
      ...['provenance', 'sbom', 'no-cache', 'pull', 'github-token'],
    ],
    act: async (step, inputs) => {
      refuseWithoutBuilder(step, inputs);
      const context = readContext(step, inputs);
      const connect = connector(step);
      if (!inputs.flag('no-cache')) await importCaches(step, inputs.lines('cache-from'), connect);
      const image = imageOf({
        context,
        buildArguments: inputs.lines('build-args'),
        labels: inputs.lines('labels'),
        target: inputs.text('target'),
        platforms: platformsOf(inputs),
        attested: !['', 'false'].includes(inputs.text('sbom')) || inputs.text('provenance') !== 'false',
        commit: step.run.sha,
      });
      const tags = [...inputs.lines('tags').flatMap((line) => line.split(','))].map(imageName);
      if (inputs.flag('push')) await push(step, image, tags, connect);
      await exportCaches(step, inputs.lines('cache-to'), image, connect);
      if (inputs.flag('push')) report(step, image, tags);
      else
        step.log(
          'WARNING: No output specified with docker-container driver. Build result stays in the cache.',
        );
    },
  };
}

function refuseWithoutBuilder(step: ActionRun, inputs: Inputs): void {
  if (hasBuilder(step)) return;
  const asked = inputs.lines('cache-to').length > 0 ? 'Cache export' : 'Multi-platform build';
  if (inputs.lines('cache-to').length === 0 && inputs.list('platforms').length < 2) return;
  throw new ActionFailure(
    `buildx failed with: ERROR: ${asked} is not supported for the docker driver.\n` +
      'Switch to a different driver, or turn on the containerd image store, and try again.',
  );
}

const platformsOf = (inputs: Inputs): readonly string[] => {
  const platforms = inputs.list('platforms');
  return platforms.length > 0 ? platforms : ['linux/amd64'];
};

function connector(step: ActionRun): Connect {
  const endpoint = endpointOf(step, 'ECR');
  return (image) => new RegistryClient(endpoint, image, loginOf(step, image.registry));
}

async function push(
  step: ActionRun,
  image: BuiltImage,
  tags: readonly ImageName[],
  connect: Connect,
): Promise<void> {
  if (tags.length === 0) {
    throw new ActionFailure(
      'buildx failed with: ERROR: failed to build: tag is needed when pushing to registry',
    );
  }
  for (const name of tags) {
    const registry = connect(name);
    try {
      for (const blob of image.blobs) await registry.pushBlob(blob);
      for (const part of image.parts) await registry.pushManifest(part, part.digest);
      await registry.pushManifest(image.top, name.reference);
      step.log(`pushing manifest for ${name.text}@${image.top.digest} done`);
    } catch (error) {
      if (!(error instanceof RegistryFault)) throw error;
      throw failed(`failed to solve: failed to push ${name.text}: ${error.message}`);
    }
  }
}

function report(step: ActionRun, { top, configDigest }: BuiltImage, tags: readonly ImageName[]): void {
  const metadata = {
    'containerimage.config.digest': configDigest,
    'containerimage.descriptor': descriptorOf(top),
    'containerimage.digest': top.digest,
    'image.name': tags.map(({ text }) => text).join(','),
  };
  step.output('imageid', configDigest);
  step.output('digest', top.digest);
  step.output('metadata', JSON.stringify(metadata, null, 2));
}
