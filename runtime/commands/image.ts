import type { Command } from 'commander';
import { LockstepError } from '../../contract/errors';
import { ImageReference } from '../../contract/image-reference';
import type { ImageEntry } from '../../contract/manifest';
import { execute } from '../execute';
import type { Report } from '../report';
import type { Session } from '../session';
import { type CommandContext, helpText, jsonOption } from './options';

interface FindOptions {
  readonly commit?: string;
  readonly json?: boolean;
}

interface TagOptions {
  readonly image: string;
  readonly ref?: string;
  readonly json?: boolean;
}

export function addImage(program: Command, { ports, finish }: CommandContext): void {
  const image = program.command('image').description('Find and tag the images of a workload');
  image
    .command('find')
    .description('Find the image of a commit, and name the tag to push it under')
    .argument('<workload>', 'workload of the manifest')
    .option('-c, --commit <sha>', 'commit (default: GITHUB_SHA)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      helpText(
        'image find kvs-infer --commit "$(git rev-parse HEAD)"',
        '{ command, passed, found, tag, image?, digest?, error? }',
      ),
    )
    .action(async (workload: string, options: FindOptions) => {
      finish(
        await execute(ports, { command: 'image find', json: options.json === true }, (session) =>
          findImageOf(session, workload, options),
        ),
      );
    });
  image
    .command('tag')
    .description(
      'Give an image the tags of the ref: v1.2.3 and 1.2 on a release tag, latest on the default branch',
    )
    .argument('<workload>', 'workload of the manifest')
    .requiredOption('-i, --image <repository@sha256:…>', 'image by digest')
    .option('--ref <ref>', 'full ref (default: GITHUB_REF)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      helpText(
        'image tag kvs-infer --image "$IMAGE" --ref refs/tags/v1.2.3',
        '{ command, passed, image, tags, error? }',
      ),
    )
    .action(async (workload: string, options: TagOptions) => {
      finish(
        await execute(ports, { command: 'image tag', json: options.json === true }, (session) =>
          tagImage(session, workload, options),
        ),
      );
    });
}

async function findImageOf(session: Session, workload: string, options: FindOptions): Promise<Report> {
  const commit = required(
    options.commit ?? session.ports.environment.commit,
    '--commit',
    /^[0-9a-f]{7,64}$/i,
    'a commit hash',
  );
  const { registry, entry, commitTag } = await openImage(session, workload);
  const name = commitTag(commit);
  const tag = `${entry.repository.uri}:${name}`;
  const digest = await registry.find(name);
  const image = digest === undefined ? undefined : `${entry.repository.uri}@${digest}`;
  await session.output('found', String(digest !== undefined));
  await session.output('tag', tag);
  await session.output('image', image ?? '');
  await session.output('digest', digest ?? '');
  return {
    title:
      image === undefined
        ? `${workload}: no image of this commit yet`
        : `${workload}: the image of this commit exists`,
    facts: [['tag', tag], ...(image === undefined ? [] : [['image', image] as const])],
    data: { found: digest !== undefined, tag, ...(image === undefined ? {} : { image, digest }) },
  };
}

async function tagImage(session: Session, workload: string, options: TagOptions): Promise<Report> {
  const image = ImageReference.parse(options.image);
  const ref = required(
    options.ref ?? session.ports.environment.ref,
    '--ref',
    /^refs\/.+$/,
    'a full ref such as refs/heads/main',
  );
  const { registry, entry, furtherTags, manifest } = await openImage(session, workload);
  if (image.repository !== entry.repository.uri) {
    throw new LockstepError('ForeignImage', {
      place: '--image',
      value: image.repository,
      allowed: entry.repository.uri,
      change: `pass an image of ${entry.repository.uri}`,
    });
  }
  const tags = furtherTags({ ref, defaultBranch: manifest.repository.defaultBranch });
  for (const { name } of tags) {
    const added = await registry.tag(image.digest, name);
    session.emit({
      code: 'image.tagged',
      level: 'info',
      message: added ? `tagged ${name}` : `${name} was there already`,
      data: { tag: name },
    });
  }
  const names = tags.map(({ name }) => name);
  return {
    title: `${workload}: ${names.length === 0 ? `${ref} gives no further tags` : `tagged ${names.join(', ')}`}`,
    facts: [['image', image.toString()]],
    data: { image: image.toString(), tags: names },
  };
}

async function openImage(session: Session, workload: string) {
  const [{ findImage }, { openRegistry, commitTag, furtherTags }] = await Promise.all([
    import('../manifest'),
    import('../../constructs/image-registry/runtime'),
  ]);
  const manifest = await session.manifest();
  const entry: ImageEntry = findImage(manifest, workload);
  const registry = openRegistry(entry, { ...session.ports.connection, region: entry.repository.region });
  session.closeAtEnd(() => registry.close());
  return { registry, entry, manifest, commitTag, furtherTags };
}

function required(value: string | undefined, place: string, form: RegExp, allowed: string): string {
  if (value !== undefined && form.test(value)) return value;
  throw new LockstepError('InvalidArgument', {
    place,
    value: value === undefined ? 'nothing' : JSON.stringify(value),
    allowed,
    change: `pass ${place}`,
  });
}
