import type { ArtefactSources } from '../../proofs';
import type { ProgramProduct } from './program-stand-in';

/** What `cdk synth` would write: the templates that are deployed here as well. */
export const synthesized = ({ templates }: Pick<ArtefactSources, 'templates'>): ProgramProduct => ({
  contains: 'cdk synth',
  folder: 'cdk.out',
  files: () =>
    new Map(
      templates.map(({ stack, body }) => [
        `${stack}.template.json`,
        typeof body === 'string' ? body : JSON.stringify(body, null, 1),
      ]),
    ),
});
