import { z } from 'zod';
import { refuseOthers } from '../modelled-members';
import { resourcePolicies } from '../resource-policies';
import { readProperties } from '../resource-properties';
import { ApiFault, type Made, type Operation, page, stringsOf, type TemplateResource } from '../service';
import { arnOf, type EcrHolder, questionAbout, registryOf, repositoryNamed, uriOf } from './repository';
import type { Repository } from './state';

const LARGEST_PAGE = 1_000;

const Filter = z.strictObject({
  ImageTagMutabilityExclusionFilterType: z.literal('WILDCARD'),
  ImageTagMutabilityExclusionFilterValue: z.string(),
});

/** ECR expires images within a day of their time, so no rehearsal lasts long enough to see a lifecycle rule. */
const Properties = z.strictObject({
  RepositoryName: z.string().optional(),
  ImageTagMutability: z
    .enum(['MUTABLE', 'IMMUTABLE', 'MUTABLE_WITH_EXCLUSION', 'IMMUTABLE_WITH_EXCLUSION'])
    .default('MUTABLE'),
  ImageTagMutabilityExclusionFilters: z.array(Filter).min(1).max(5).optional(),
  ImageScanningConfiguration: z.strictObject({ ScanOnPush: z.boolean().optional() }).optional(),
  RepositoryPolicyText: z.unknown().optional(),
  LifecyclePolicy: z
    .strictObject({ LifecyclePolicyText: z.string(), RegistryId: z.string().optional() })
    .optional(),
  EncryptionConfiguration: z.unknown().optional(),
  EmptyOnDelete: z.boolean().optional(),
  Tags: z.unknown().optional(),
});

/**
 * @throws LockstepError `NotRehearsed`, or `UnsupportedPolicy` for a policy that cannot be evaluated
 * @throws ApiFault `RepositoryAlreadyExistsException`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecr-repository.html
 */
export function makeRepository(ecr: EcrHolder, resource: TemplateResource, now: number): Made {
  const properties = readProperties(resource, Properties);
  const { account, region, stack, logicalId } = resource;
  const name = properties.RepositoryName ?? `${stack}-${logicalId}`.toLowerCase();
  const arn = arnOf(account, region, name);
  if (ecr.state.repositories.has(arn)) {
    throw new ApiFault(
      'RepositoryAlreadyExistsException',
      `The repository with name '${name}' already exists`,
    );
  }
  const filters = properties.ImageTagMutabilityExclusionFilters ?? [];
  const policy = properties.RepositoryPolicyText;
  resourcePolicies(arn, policy);
  const repository: Repository = {
    arn,
    account,
    region,
    name,
    createdAt: now,
    mutability: properties.ImageTagMutability,
    exclusions: filters.map((filter) => filter.ImageTagMutabilityExclusionFilterValue),
    scanOnPush: properties.ImageScanningConfiguration?.ScanOnPush ?? false,
    ...(policy !== undefined && { policy }),
    images: new Map(),
    tags: new Map(),
    layers: new Map(),
    uploads: new Map(),
  };
  ecr.state.repositories.set(arn, repository);
  return { ref: name, attributes: { Arn: arn, RepositoryUri: uriOf(repository) } };
}

export function repositoryOperations(ecr: EcrHolder): Readonly<Record<string, Operation>> {
  return {
    DescribeRepositories: {
      source: 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DescribeRepositories.html',
      questions: (input, call) => {
        const names = input.repositoryNames === undefined ? ['*'] : stringsOf(input, 'repositoryNames');
        const registry = registryOf(input, call);
        return names.map((name) =>
          questionAbout(ecr, 'DescribeRepositories', arnOf(registry, call.region, name)),
        );
      },
      handle: (input, call) => {
        const members = ['registryId', 'repositoryNames', 'nextToken', 'maxResults'];
        refuseOthers('ecr:DescribeRepositories', input, members);
        const registry = registryOf(input, call);
        if (input.repositoryNames !== undefined) {
          const names = stringsOf(input, 'repositoryNames');
          const found = names.map((name) => repositoryNamed(ecr, registry, call.region, name));
          return { repositories: found.map(describeRepository) };
        }
        const all = [...ecr.state.repositories.values()].filter(
          ({ account, region }) => account === registry && region === call.region,
        );
        const { items, ...token } = page(input, all, LARGEST_PAGE);
        return { repositories: items.map(describeRepository), ...token };
      },
    },
  };
}

function describeRepository(repository: Repository): object {
  const { arn, account, name, createdAt, mutability, exclusions, scanOnPush } = repository;
  return {
    repositoryArn: arn,
    registryId: account,
    repositoryName: name,
    repositoryUri: uriOf(repository),
    createdAt: new Date(createdAt),
    imageTagMutability: mutability,
    ...(exclusions.length > 0 && {
      imageTagMutabilityExclusionFilters: exclusions.map((filter) => ({ filterType: 'WILDCARD', filter })),
    }),
    imageScanningConfiguration: { scanOnPush },
  };
}
