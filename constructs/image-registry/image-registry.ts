import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  ImageTagMutabilityExclusionFilter,
  type IRepository,
  Repository,
  RepositoryEncryption,
  TagMutability,
  TagStatus,
} from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Tags that never move: commits and full versions. `latest`, `1.2` and the build cache do move. */
export const IMMUTABLE_TAG_PATTERNS = ['sha-*', 'v*'] as const;

export interface ImageRegistryProps {
  readonly repositoryName: string;
  /** Account and region that the repository lies in; they make its URI. */
  readonly account: string;
  readonly region: string;
  /** Other accounts whose workloads pull from here. @default - none */
  readonly pullAccounts?: readonly string[];
  /** Images of commits that are kept; older ones expire. @default 100 */
  readonly keepImages?: number;
}

/**
 * The repository of a workload's images. It is scanned on push, keeps what releases point to, and
 * survives the deletion of its stack.
 */
export class ImageRegistry extends Construct {
  readonly repository: IRepository;
  readonly repositoryUri: string;

  constructor(scope: Construct, id: string, props: ImageRegistryProps) {
    super(scope, id);
    this.repositoryUri = `${props.account}.dkr.ecr.${props.region}.amazonaws.com/${props.repositoryName}`;
    const repository = new Repository(this, 'Repository', {
      repositoryName: props.repositoryName,
      encryption: RepositoryEncryption.AES_256,
      imageScanOnPush: true,
      // Mutable with exclusions, not the other way round: an exclusion cannot describe `1.2` without `v1.2.3`.
      imageTagMutability: TagMutability.MUTABLE_WITH_EXCLUSION,
      imageTagMutabilityExclusionFilters: IMMUTABLE_TAG_PATTERNS.map((pattern) =>
        ImageTagMutabilityExclusionFilter.wildcard(pattern),
      ),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // ECR keeps an image that matches a rule of lower priority number, so releases outlive the other rules.
    repository.addLifecycleRule({
      rulePriority: 1,
      description: 'Keep the last 1000 releases',
      tagStatus: TagStatus.TAGGED,
      tagPatternList: ['v*'],
      maxImageCount: 1000,
    });
    repository.addLifecycleRule({
      rulePriority: 2,
      description: `Keep the last ${props.keepImages ?? 100} commits`,
      tagStatus: TagStatus.TAGGED,
      tagPatternList: ['sha-*'],
      maxImageCount: props.keepImages ?? 100,
    });
    repository.addLifecycleRule({
      rulePriority: 3,
      description: 'Drop untagged layers of the build cache after two weeks',
      tagStatus: TagStatus.UNTAGGED,
      maxImageAge: Duration.days(14),
    });
    for (const account of props.pullAccounts ?? []) repository.grantPull(new AccountPrincipal(account));
    this.repository = repository;
  }
}
