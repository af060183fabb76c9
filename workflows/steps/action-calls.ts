import type { AwsCall, DockerHubImage, EcrImage } from '../../contract';
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
  /** Actions on it that come with an input of the step. @default - none */
  readonly withInput?: Readonly<Record<string, readonly string[]>>;
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
    repository: [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ],
    // Layers of earlier builds are pulled.
    withInput: { 'cache-from': ['ecr:GetDownloadUrlForLayer'] },
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html',
  },
  'aquasecurity/trivy-action': {
    account: ['ecr:GetAuthorizationToken'],
    repository: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    source: 'https://trivy.dev/latest/docs/advanced/private-registries/ecr/',
  },
};

/** A repository of ECR. */
export type EcrRepository = Pick<EcrImage, 'registry' | 'repository'>;

/** Where an image is kept. */
export type ImageRepository = EcrRepository | Pick<DockerHubImage, 'registry' | 'repository'>;

/**
 * Calls of one step.
 *
 * @param image the image that the step pulls or pushes; without it a tool stays on the runner. Only ECR is asked with a
 * session of AWS
 * @param inputs of the step
 */
export function actionCalls(
  action: ActionName,
  image: ImageRepository | undefined,
  inputs: Readonly<Record<string, unknown>> = {},
): readonly AwsCall[] {
  const calls = CATALOGUE[action];
  if (!calls || image?.registry !== 'ecr') return [];
  const more = Object.entries(calls.withInput ?? {}).flatMap(([input, actions]) =>
    inputs[input] === undefined ? [] : actions,
  );
  return [
    ...calls.account.map((name) => ({ action: name, resources: ['*'] })),
    ...repositoryCalls([...calls.repository, ...more], image),
  ];
}

/** The actions on the repository of the image. */
export function repositoryCalls(
  actions: readonly string[],
  { repository }: EcrRepository,
): readonly AwsCall[] {
  const arn = `arn:aws:ecr:${repository.region}:${repository.account}:repository/${repository.name}`;
  return actions.map((action) => ({ action, resources: [arn] }));
}
