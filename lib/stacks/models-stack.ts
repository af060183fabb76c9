import type { Construct } from 'constructs';
import { accessLogBucket } from '../../constructs/access-log-bucket';
import { ModelBucket } from '../../constructs/sagemaker-endpoint';
import { accountsBeside, type Platform, type SagemakerEndpointWorkload } from '../platform';
import { PlatformStack } from './platform-stack';

/** Once for each workload: where its models are kept. */
export class ModelsStack extends PlatformStack {
  constructor(scope: Construct, id: string, platform: Platform, workload: SagemakerEndpointWorkload) {
    super(scope, id, {
      env: { account: platform.imageAccount, region: workload.region },
      stackName: id,
      description: `Models of ${workload.id}`,
      terminationProtection: true,
    });
    new ModelBucket(this, 'Models', {
      bucketName: workload.models.bucket,
      accessLogs: accessLogBucket(this, 'AccessLogs'),
      readAccounts: accountsBeside(platform, workload, platform.imageAccount),
    });
  }
}
