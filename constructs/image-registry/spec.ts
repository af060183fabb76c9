import type { AwsCall } from '../../contract';

/** What the jobs of each registry role call. */
export interface RegistryCalls {
  readonly publish: readonly AwsCall[];
  readonly scan: readonly AwsCall[];
}

export interface RegistryCallsOptions {
  readonly repositoryArn: string;
  /** Whether Git tags make releases, whose image tags are compared with those that are there. */
  readonly releases: boolean;
}

/**
 * Calls of a login, a push and a pull by the Docker protocol, and of this command's own image verbs.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
export function registryCalls({ repositoryArn, releases }: RegistryCallsOptions): RegistryCalls {
  const on = (action: string): AwsCall => ({ action: `ecr:${action}`, resources: [repositoryArn] });
  const login: AwsCall = {
    action: 'ecr:GetAuthorizationToken',
    resources: ['*'],
    because: 'IAM offers no resource type for the login; what it opens is bounded by the other statements',
  };
  const pull = [on('BatchGetImage'), on('GetDownloadUrlForLayer')];
  const push = [
    on('BatchCheckLayerAvailability'),
    on('CompleteLayerUpload'),
    on('InitiateLayerUpload'),
    // Before a release takes over `1.2`, the command looks for a later one.
    ...(releases ? [on('ListImages')] : []),
    on('PutImage'),
    on('UploadLayerPart'),
  ];
  return { publish: [login, ...pull, ...push], scan: [login, ...pull] };
}
