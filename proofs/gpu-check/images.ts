import { z } from 'zod';
import type { Fault } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import { said } from '../flow/capacity/template-values';
import type { ProofResult } from '../proof';
import { unless, type Wrong, wrongAt } from '../wrong';
import { templateChecks } from './template';

/** Longest that images of combinations are kept, in days: the next weekly run makes its own. */
const LONGEST_DAYS = 31;

const LIFECYCLE = z.object({
  rules: z.array(
    z.object({
      selection: z.object({ tagStatus: z.string(), countType: z.string(), countNumber: z.number() }),
    }),
  ),
});

/**
 * The repository of a check takes no second image for a tag, and keeps none that nobody needs: a run makes one of several
 * gigabytes for each combination.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export function checkImageFaults(artefacts: Artefacts): ProofResult {
  const repositories = templateChecks(artefacts).flatMap(({ repository }) => repository ?? []);
  return {
    checked: repositories.length * 2,
    findings: repositories.flatMap((repository): readonly Fault[] =>
      wrongAt(repository.path, 'let no tag move, and let images expire', [
        ...unless(
          repository.properties.ImageTagMutability === 'IMMUTABLE',
          `ImageTagMutability ${said(repository.properties.ImageTagMutability)}`,
          'IMMUTABLE: what a result says of an image is true of that image',
        ),
        ...keptFaults(repository),
      ]),
    ),
  };
}

function keptFaults({ properties }: Resource): readonly Wrong[] {
  const policy = properties.LifecyclePolicy;
  const text =
    typeof policy === 'object' && policy !== null && 'LifecyclePolicyText' in policy
      ? String(policy.LifecyclePolicyText)
      : 'null';
  const parsed = LIFECYCLE.safeParse(jsonOf(text));
  const expires =
    parsed.success &&
    parsed.data.rules.some(
      ({ selection: { tagStatus, countType, countNumber } }) =>
        tagStatus === 'any' && countType === 'sinceImagePushed' && countNumber <= LONGEST_DAYS,
    );
  return unless(
    expires,
    `LifecyclePolicy ${text}`,
    `a rule by which every image goes away within ${LONGEST_DAYS} days`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
