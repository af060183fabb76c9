import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import type { Construct } from 'constructs';

/** How long the image of a combination is kept: a run can be looked into until the second one after it. */
const KEPT = Duration.days(14);

/** Images of combinations. They serve one run each, so that they go with their stack. */
export const checkImages = (scope: Construct, id: string, repositoryName: string): Repository =>
  new Repository(scope, id, {
    repositoryName,
    encryption: RepositoryEncryption.AES_256,
    imageScanOnPush: true,
    imageTagMutability: TagMutability.IMMUTABLE,
    lifecycleRules: [
      {
        description: `Drop images of checks after ${KEPT.toDays()} days`,
        tagStatus: TagStatus.ANY,
        maxImageAge: KEPT,
      },
    ],
    removalPolicy: RemovalPolicy.DESTROY,
    emptyOnDelete: true,
  });
