import type { AwsCall, EcrImage, ImageEntry } from '../../contract';
import type { ActionName } from '../pins/pins';

/**
 * What third-party actions call at AWS, read from their own documentation and code, not from the roles.
 * An action that is not listed calls nothing. `configure-aws-credentials` calls
 * `sts:AssumeRoleWithWebIdentity`, which the role's trust governs and not its policy.
 */
interface ActionCalls {
  /** Actions that IAM cannot limit to a resource. */
  readonly account: readonly string[];
  /** Actions on the image repository that the step reads or writes. */
  readonly repository: readonly string[];
  readonly source: string;
}

const CATALOGUE: Partial<Record<ActionName, ActionCalls>> = {
  'aws-actions/amazon-ecr-login': {
    account: ['ecr:GetAuthorizationToken'],
    repository: [],
    source: 'https://github.com/aws-actions/amazon-ecr-login#permissions',
  },
  'docker/build-push-action': {
    account: [],
    // Pulling serves the layer cache.
    repository: [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:GetDownloadUrlForLayer',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ],
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html',
  },
  'aquasecurity/trivy-action': {
    account: ['ecr:GetAuthorizationToken'],
    repository: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    source: 'https://trivy.dev/latest/docs/advanced/private-registries/ecr/',
  },
};

/**
 * Calls of one step.
 *
 * @param image the image that the step pulls or pushes; without it a tool stays on the runner. Only ECR is asked with a
 * session of AWS
 */
export function actionCalls(action: ActionName, image: ImageEntry | undefined): readonly AwsCall[] {
  const calls = CATALOGUE[action];
  if (!calls || image?.registry !== 'ecr') return [];
  return [
    ...calls.account.map((name) => ({ action: name, resources: ['*'] })),
    ...repositoryCalls(calls.repository, image),
  ];
}

/** The actions on the repository of the image. */
export function repositoryCalls(actions: readonly string[], { repository }: EcrImage): readonly AwsCall[] {
  const arn = `arn:aws:ecr:${repository.region}:${repository.account}:repository/${repository.name}`;
  return actions.map((action) => ({ action, resources: [arn] }));
}
