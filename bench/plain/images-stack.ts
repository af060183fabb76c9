import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  ImageTagMutabilityExclusionFilter,
  Repository,
  RepositoryEncryption,
  TagMutability,
  TagStatus,
} from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { GithubRole, type PlainRefs } from './github-role';
import { type PlainEnvironment, PLATFORM } from './settings';

const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];
const PUSH = ['ecr:CompleteLayerUpload', 'ecr:InitiateLayerUpload', 'ecr:PutImage', 'ecr:UploadLayerPart'];

export interface PlainImagesStackProps {
  /** Of the service or endpoint, or of one image of a node. */
  readonly id: string;
  readonly region: string;
  /** Environment in whose account the images are. */
  readonly home: PlainEnvironment;
  /** Environments that pull from there. */
  readonly others: readonly PlainEnvironment[];
  /** Workflow file that builds. */
  readonly workflow: string;
  /** @default 'branchAndTags' */
  readonly refs?: PlainRefs;
}

/** Once for each image: its repository, and the roles that push to it and scan it. */
export class PlainImagesStack extends Stack {
  readonly repositoryArn: string;

  constructor(
    scope: Construct,
    { id, region, home, others, workflow, refs = 'branchAndTags' }: PlainImagesStackProps,
  ) {
    super(scope, `${PLATFORM}-${id}-images`, {
      env: { account: home.account, region },
      terminationProtection: true,
    });
    const repositoryName = `${PLATFORM}/${id}`;
    const repositoryArn = `arn:aws:ecr:${region}:${home.account}:repository/${repositoryName}`;
    const repository = new Repository(this, 'Repository', {
      repositoryName,
      encryption: RepositoryEncryption.AES_256,
      imageScanOnPush: true,
      imageTagMutability: TagMutability.MUTABLE_WITH_EXCLUSION,
      imageTagMutabilityExclusionFilters: ['sha-*', 'v*'].map((pattern) =>
        ImageTagMutabilityExclusionFilter.wildcard(pattern),
      ),
      lifecycleRules: [
        { rulePriority: 1, tagStatus: TagStatus.TAGGED, tagPatternList: ['v*'], maxImageCount: 1000 },
        { rulePriority: 2, tagStatus: TagStatus.TAGGED, tagPatternList: ['sha-*'], maxImageCount: 100 },
        { rulePriority: 3, tagStatus: TagStatus.UNTAGGED, maxImageAge: Duration.days(14) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const { account } of others) repository.grantPull(new AccountPrincipal(account));
    const login = () => new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] });
    new GithubRole(this, 'Publish', {
      roleName: `${PLATFORM}-${id}-publish`,
      account: home.account,
      workflows: [workflow],
      refs,
      statements: [login(), new PolicyStatement({ actions: [...PULL, ...PUSH], resources: [repositoryArn] })],
      wildcards: ['*'],
    });
    new GithubRole(this, 'Scan', {
      roleName: `${PLATFORM}-${id}-scan`,
      account: home.account,
      workflows: [workflow],
      refs,
      statements: [login(), new PolicyStatement({ actions: PULL, resources: [repositoryArn] })],
      wildcards: ['*'],
    });
    this.repositoryArn = repositoryArn;
  }
}
