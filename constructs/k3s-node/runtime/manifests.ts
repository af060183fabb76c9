import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Fault, type ImageReference, LockstepError } from '../../../contract';
import type { K3sNodeSpec } from '../spec';

/** A rendered file with the digests put in. */
export interface ManifestFile {
  /** Below the folder of the manifests. */
  readonly path: string;
  readonly text: string;
}

/** What is deployed: the manifests with their images, under the name that their content gives. */
export interface Release {
  /** `r-` and twelve hex digits: the same content has the same name, everything else another one. */
  readonly name: string;
  readonly images: readonly string[];
  readonly files: readonly ManifestFile[];
}

/** Reads the rendered manifests and puts the images in. @throws LockstepError `ManifestsUnfit` */
export async function readRelease(spec: K3sNodeSpec, images: readonly ImageReference[]): Promise<Release> {
  const files = await Promise.all(
    spec.files.map(async (path) => ({ path, text: await textOf(join(spec.manifests, path)) })),
  );
  return releaseOf(spec, files, images);
}

/**
 * Puts digests behind the image lines of the workload.
 *
 * @throws LockstepError `ManifestsUnfit` where a repository of an image is in no file, or one in a file has no image
 */
export function releaseOf(
  { manifests, repositories }: Pick<K3sNodeSpec, 'manifests' | 'repositories'>,
  files: readonly ManifestFile[],
  images: readonly ImageReference[],
): Release {
  const byRepository = new Map(images.map((image) => [image.repository, image.toString()]));
  const used = new Set<string>();
  const faults: Fault[] = [];
  const put = (path: string, line: string): string => {
    const [, head, reference] = IMAGE_LINE.exec(line) ?? [];
    if (head === undefined || reference === undefined) return line;
    const repository = repositories.find((each) => isOf(reference, each));
    if (repository === undefined) return line;
    const image = byRepository.get(repository);
    used.add(repository);
    if (image !== undefined && reference === repository) return `${head}${image}`;
    faults.push(
      image === undefined
        ? fault(`${manifests}/${path}`, reference, `an image of ${repository} by --image`)
        : fault(`${manifests}/${path}`, reference, `${repository}, without tag and digest`),
    );
    return line;
  };
  const filled = files.map(({ path, text }) => ({
    path,
    text: text
      .split('\n')
      .map((line) => put(path, line))
      .join('\n'),
  }));
  const unused = [...byRepository.keys()].filter((repository) => !used.has(repository));
  faults.push(...unused.map((each) => fault(manifests, `no line with ${each}`, `a line \`image: ${each}\``)));
  if (faults.length > 0) throw new LockstepError('ManifestsUnfit', faults);
  return { name: nameOf(filled), images: images.map(String).sort(), files: filled };
}

const IMAGE_LINE = /^(\s*(?:- )?image: )["']?([^\s"'#]+)["']?\s*$/;

/** True for a repository itself, and for it with a tag or a digest. */
const isOf = (reference: string, repository: string): boolean =>
  reference === repository ||
  reference.startsWith(`${repository}:`) ||
  reference.startsWith(`${repository}@`);

function nameOf(files: readonly ManifestFile[]): string {
  const content = [...files].sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ path, text }) => [path, text]);
  return `r-${createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 12)}`;
}

const fault = (place: string, value: string, allowed: string): Fault => ({
  place,
  value,
  allowed,
  change: 'run `npx projen` and commit the manifests that it writes',
});

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new LockstepError(
      'ManifestsUnfit',
      {
        place: path,
        value: error instanceof Error ? error.message : String(error),
        allowed: 'a manifest that `npx projen` writes, relative to the root of the repository',
        change:
          'run `npx projen`, commit what it writes, and check out the repository before the command runs',
      },
      { cause: error },
    );
  }
}
