import { z } from 'zod';
import type { Fault } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import { ecrImages } from '../calls/ecr-images';
import type { ProofResult } from '../proof';

const POLICY = z.object({
  rules: z.array(
    z.object({
      rulePriority: z.int(),
      selection: z.object({ tagStatus: z.string(), countType: z.string(), countNumber: z.number() }),
    }),
  ),
});

/**
 * Repositories must keep the images that one can go back to: what has a tag goes away by its number, never by its
 * age, so that the last releases stay however old they are.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
export function keptImageFaults({ manifest, resources }: Artefacts): ProofResult {
  const repositories = ecrImages(manifest).flatMap(({ repository }) =>
    resources.filter(
      ({ type, account, region, properties }) =>
        type === 'AWS::ECR::Repository' &&
        properties.RepositoryName === repository.name &&
        account === repository.account &&
        region === repository.region,
    ),
  );
  return { checked: repositories.length, findings: repositories.flatMap(ruleFaults) };
}

function ruleFaults({ path, properties }: Resource): readonly Fault[] {
  const { LifecyclePolicy: policy } = properties;
  if (policy === undefined) return [];
  const text =
    typeof policy === 'object' && policy !== null && 'LifecyclePolicyText' in policy
      ? String(policy.LifecyclePolicyText)
      : String(policy);
  const fault = (value: string): Fault => ({
    place: `${path}, LifecyclePolicy`,
    value,
    allowed: 'rules that drop images without tag by age, and images with tags by their number',
    change: 'keep what has a tag: an environment may go back to it',
  });
  const parsed = POLICY.safeParse(jsonOf(text));
  if (!parsed.success) return [fault(text)];
  return parsed.data.rules
    .filter(
      ({ selection: { tagStatus, countType } }) =>
        tagStatus !== 'untagged' && countType !== 'imageCountMoreThan',
    )
    .map(({ rulePriority, selection: { tagStatus, countType, countNumber } }) =>
      fault(`rule ${rulePriority}: ${tagStatus}, ${countType} ${countNumber}`),
    );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
