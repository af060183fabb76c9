import type { AwsCall } from '../../contract';

/** What the jobs of each registry role call. */
export interface RegistryCalls {
  readonly publish: readonly AwsCall[];
  readonly scan: readonly AwsCall[];
}

/**
 * Calls of a login, a push and a pull by the Docker protocol, and of this command's own image verbs.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html
 */
export function registryCalls({ repositoryArn }: { readonly repositoryArn: string }): RegistryCalls {
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
    on('ListImages'),
    on('PutImage'),
    on('UploadLayerPart'),
  ];
  return { publish: [login, ...pull, ...push], scan: [login, ...pull] };
}
