import type { Command } from 'commander';
import { LockstepError } from '../../contract/errors';
import { ImageReference } from '../../contract/image-reference';
import { execute } from '../execute';
import type { Report } from '../report';
import type { Session } from '../session';
import { type CommandContext, helpText, jsonOption } from './options';

interface FindOptions {
  readonly commit?: string;
  readonly required?: boolean;
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
    .argument('<image>', 'image of the manifest; for a workload with one image, its name')
    .option('-c, --commit <sha>', 'commit, twelve digits or more (default: GITHUB_SHA)')
    .option('--required', 'fail when the commit has no image: it was built long ago, or never')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      helpText(
        'image find kvs-infer --commit "$(git rev-parse HEAD)"',
        '{ command, passed, found, tag, image?, digest?, error? }',
        {
          done: 'the answer is known, also when there is no such image',
          failed: 'there is no such image and --required was given',
        },
      ),
    )
    .action(async (id: string, options: FindOptions) => {
      finish(
        await execute(ports, { command: 'image find', json: options.json === true }, (session) =>
          findImageOf(session, id, options),
        ),
      );
    });
  image
    .command('tag')
    .description(
      'Give an image the tags of the ref: v1.2.3 and 1.2 on a release tag, latest on the default branch. ' +
        '1.2 stays where it is when a later release of its line is there.',
    )
    .argument('<image>', 'image of the manifest; for a workload with one image, its name')
    .requiredOption('-i, --image <repository@sha256:…>', 'image by digest')
    .option('--ref <ref>', 'full ref (default: GITHUB_REF)')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      helpText(
        'image tag kvs-infer --image "$IMAGE" --ref refs/tags/v1.2.3',
        '{ command, passed, image, tags, kept: [{ tag, by }], error? }',
        { done: 'the image has the tags', failed: 'there is no such image, or a tag names another one' },
      ),
    )
    .action(async (id: string, options: TagOptions) => {
      finish(
        await execute(ports, { command: 'image tag', json: options.json === true }, (session) =>
          tagImage(session, id, options),
        ),
      );
    });
}

async function findImageOf(session: Session, id: string, options: FindOptions): Promise<Report> {
  const commit = required(
    options.commit ?? session.ports.environment.commit,
    '--commit',
    /^[0-9a-f]{12,64}$/i,
    'a commit hash of twelve digits or more',
  );
  const { registry, entry, commitTag } = await openImage(session, id);
  const name = commitTag(commit);
  const tag = `${entry.repository.uri}:${name}`;
  const digest = await registry.find(name);
  if (digest === undefined && options.required === true) throw noImageOf(tag);
  const image = digest === undefined ? undefined : `${entry.repository.uri}@${digest}`;
  await session.output('found', String(digest !== undefined));
  await session.output('tag', tag);
  await session.output('image', image ?? '');
  await session.output('digest', digest ?? '');
  return {
    title:
      image === undefined ? `${id}: no image of this commit yet` : `${id}: the image of this commit exists`,
    facts: [['tag', tag], ...(image === undefined ? [] : [['image', image] as const])],
    data: { found: digest !== undefined, tag, ...(image === undefined ? {} : { image, digest }) },
  };
}

const noImageOf = (tag: string): LockstepError =>
  new LockstepError('ImageNotFound', {
    place: '--commit',
    value: `a commit without image: there is no ${tag}`,
    allowed: 'a commit whose image was pushed and is still kept',
    change: 'name a commit that was deployed before, or run the workflow that builds and deploys this one',
  });

async function tagImage(session: Session, id: string, options: TagOptions): Promise<Report> {
  const image = ImageReference.parse(options.image);
  const ref = required(
    options.ref ?? session.ports.environment.ref,
    '--ref',
    /^refs\/.+$/,
    'a full ref such as refs/heads/main',
  );
  const { registry, entry, furtherTags, laterRelease, manifest } = await openImage(session, id);
  if (image.repository !== entry.repository.uri) {
    throw new LockstepError('ForeignImage', {
      place: '--image',
      value: image.repository,
      allowed: entry.repository.uri,
      change: `pass an image of ${entry.repository.uri}`,
    });
  }
  const names: string[] = [];
  const kept: { readonly tag: string; readonly by: string }[] = [];
  for (const { name, release } of furtherTags({ ref, defaultBranch: manifest.repository.defaultBranch })) {
    const later = release === undefined ? undefined : laterRelease(release, await registry.tags());
    if (later === undefined) {
      names.push(name);
      sayTagged(session, name, await registry.tag(image.digest, name));
      continue;
    }
    kept.push({ tag: name, by: later });
    session.emit({
      code: 'image.tagKept',
      level: 'warning',
      message: `${name} stays with ${later}, which is later than ${release ?? ref}`,
      data: { tag: name, by: later },
    });
  }
  return {
    title: `${id}: ${names.length === 0 ? `${ref} gives no further tags` : `tagged ${names.join(', ')}`}`,
    facts: [['image', image.toString()], ...kept.map(({ tag, by }) => [tag, `stays with ${by}`] as const)],
    data: { image: image.toString(), tags: names, kept },
  };
}

function sayTagged(session: Session, tag: string, added: boolean): void {
  session.emit({
    code: 'image.tagged',
    level: 'info',
    message: added ? `tagged ${tag}` : `${tag} was there already`,
    data: { tag },
  });
}

async function openImage(session: Session, id: string) {
  const [{ findImage }, { openRegistry, commitTag, furtherTags, laterRelease }] = await Promise.all([
    import('../manifest'),
    import('../../constructs/image-registry/runtime'),
  ]);
  const manifest = await session.manifest();
  const entry = findImage(manifest, id);
  const registry = openRegistry(entry, { ...session.ports.connection, region: entry.repository.region });
  session.closeAtEnd(() => registry.close());
  return { registry, entry, manifest, commitTag, furtherTags, laterRelease };
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
