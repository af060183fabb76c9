import { glob } from '../../../proofs/iam';
import { optionalString } from '../modelled-members';
import { resourcePolicies } from '../resource-policies';
import { ApiFault, type Call, type Input, type Question, stringOf } from '../service';
import type { EcrState, Repository } from './state';

/** Who holds the state: read anew each time, because a situation that is taken up again replaces it. */
export interface EcrHolder {
  readonly state: EcrState;
}

export const arnOf = (account: string, region: string, name: string): string =>
  `arn:aws:ecr:${region}:${account}:repository/${name}`;

/** Account of the registry that a request means: its own unless it names another. */
export const registryOf = (input: Input, call: Call): string =>
  optionalString(input, 'registryId') ?? call.account;

/**
 * @throws ApiFault `RepositoryNotFoundException`
 */
export function repositoryNamed(
  { state }: EcrHolder,
  registry: string,
  region: string,
  name: string,
): Repository {
  const repository = state.repositories.get(arnOf(registry, region, name));
  if (repository) return repository;
  const where = `'${name}' does not exist in the registry with id '${registry}'`;
  throw new ApiFault('RepositoryNotFoundException', `The repository with name ${where}`);
}

/**
 * @throws ApiFault `RepositoryNotFoundException`
 */
export const repositoryOf = (ecr: EcrHolder, input: Input, call: Call): Repository =>
  repositoryNamed(ecr, registryOf(input, call), call.region, stringOf(input, 'repositoryName'));

/**
 * The question about one repository, with its policy. One that is missing has none either: who must not use it
 * is not told whether it is there.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policies.html
 */
export function questionAbout({ state }: EcrHolder, action: string, arn: string): Question {
  const policy = state.repositories.get(arn)?.policy;
  return { action: `ecr:${action}`, resource: arn, policies: resourcePolicies(arn, policy) };
}

/** `questions` of the operations that work on the repository that their input names. */
export const asks =
  (ecr: EcrHolder, action: string) =>
  (input: Input, call: Call): readonly Question[] => {
    const arn = arnOf(registryOf(input, call), call.region, stringOf(input, 'repositoryName'));
    return [questionAbout(ecr, action, arn)];
  };

/**
 * True for tags that are never moved to another image.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html
 */
export function isImmutable({ mutability, exclusions }: Repository, tag: string): boolean {
  const excluded = exclusions.some((pattern) => glob(pattern)(tag));
  switch (mutability) {
    case 'MUTABLE':
      return false;
    case 'IMMUTABLE':
      return true;
    case 'MUTABLE_WITH_EXCLUSION':
      return excluded;
    case 'IMMUTABLE_WITH_EXCLUSION':
      return !excluded;
  }
}

export const uriOf = ({ account, region, name }: Pick<Repository, 'account' | 'region' | 'name'>): string =>
  `${account}.dkr.ecr.${region}.amazonaws.com/${name}`;
