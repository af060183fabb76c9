import type { Construct } from 'constructs';
import { SAGEMAKER_ENDPOINT_KIND, SagemakerEndpoint } from '../../constructs/sagemaker-endpoint';
import { type RoleEntry, type TargetEntry, ValueRef } from '../../contract';
import {
  constructProps,
  type Environment,
  type Platform,
  type SagemakerEndpointEnvironment,
  type SagemakerEndpointWorkload,
} from '../platform';
import { jobRoles } from './job-roles';
import { PlatformStack } from './platform-stack';

export interface EndpointStackProps {
  readonly platform: Platform;
  readonly workload: SagemakerEndpointWorkload;
  readonly environment: Environment;
  readonly settings: SagemakerEndpointEnvironment;
  readonly repositoryArn: string;
  /** Stacks besides this one whose templates are compared with what is deployed. */
  readonly stacksBeside: readonly string[];
}

/** Once for each workload and environment: what an endpoint needs, and the roles that may deploy it. */
export class EndpointStack extends PlatformStack {
  readonly target: TargetEntry;
  readonly roles: readonly RoleEntry[];

  constructor(scope: Construct, id: string, props: EndpointStackProps) {
    const { platform, workload, environment, settings } = props;
    const env = { account: environment.account, region: workload.region };
    super(scope, id, { env, stackName: id, description: `${workload.id} in ${environment.name}` });
    const endpoint = new SagemakerEndpoint(
      this,
      'Endpoint',
      constructProps(workload, settings, { ...env, repositoryArn: props.repositoryArn }),
    );
    const { spec } = endpoint;
    const calls = endpoint.calls();
    const roles = jobRoles(this, {
      platform,
      workload,
      environment,
      settings,
      calls,
      stacks: [...props.stacksBeside, id],
    });
    this.roles = roles.all;
    this.target = {
      id: `${workload.id}-${environment.name}`,
      workload: workload.id,
      kind: SAGEMAKER_ENDPOINT_KIND,
      environment: environment.name,
      ...env,
      ...roles.ofTarget,
      image: workload.id,
      releasedImage: ValueRef.ssmParameter(settings.names.releasedImage),
      files: [workload.verification.payload, workload.verification.schema].map(
        (file) => `${workload.source}/${file}`,
      ),
      // SageMaker takes no update while another one is under way, and has no call that stops it.
      settleMinutes: workload.rollout.timeoutMinutes,
      deployTimeoutMinutes: workload.rollout.timeoutMinutes,
      runnerLabels: ['ubuntu-24.04'],
      constructPath: endpoint.node.path,
      calls,
      spec,
    };
  }
}
