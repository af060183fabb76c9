import type { Artefacts, ArtefactSources } from '../artefacts';
import { type IamReference, loadReference } from '../iam';
import { ecrImages } from './ecr-images';
import { IAM_PREFIX } from './aws-operations';

/** Action of a declared call, and service of a line of `aws`. */
const ACTION = /"action":"([a-z0-9-]+):/g;
const LINE = /\baws\s+(?:--?[\w-]+(?:[= ]\S+)?\s+)*([a-z][a-z0-9-]+)\s/g;

/**
 * The reference of every service that a step may call. Prefixes that AWS does not document are left out;
 * the proofs report whatever uses them.
 */
export async function referenceFor({ manifest, workflows }: ArtefactSources): Promise<IamReference> {
  const calls = JSON.stringify([
    ecrImages(manifest).map((image) => image.calls),
    manifest.targets.map((target) => [target.calls, target.inspection?.calls, target.postbox?.calls]),
    manifest.gpuChecks.map((check) => check.calls),
  ]);
  const prefixes = [
    ...[...calls.matchAll(ACTION)].map(([, prefix]) => prefix),
    ...workflows.flatMap(({ text }) =>
      [...text.matchAll(LINE)].map(([, service = '']) => IAM_PREFIX[service] ?? service),
    ),
    // Services that the catalogue of actions and the commands call.
    'cloudformation',
    'ecr',
  ];
  const wanted = [...new Set(prefixes.flatMap((prefix) => prefix ?? []))];
  const documented = await Promise.all(
    wanted.map((prefix) =>
      loadReference([prefix]).then(
        () => [prefix],
        () => [],
      ),
    ),
  );
  return loadReference(documented.flat());
}

/** @throws Error when the artefacts were read without a reference, which is a mistake of the caller */
export function referenceOf({ reference }: Artefacts): IamReference {
  if (reference) return reference;
  throw new Error('load the reference with referenceFor() and give it to readArtefacts()');
}
