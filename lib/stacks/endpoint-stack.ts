import type { Construct } from 'constructs';
import { SAGEMAKER_ENDPOINT_KIND, SagemakerEndpoint } from '../../constructs/sagemaker-endpoint';
import type { RoleEntry, TargetEntry } from '../../contract';
import { constructProps, repositoryArn, type SagemakerEndpointWorkload } from '../platform';
import { describeTarget, TargetStack, type TargetStackProps } from './target-stack';

/** What an endpoint needs; the first deployment makes the endpoint itself. */
export class EndpointStack extends TargetStack {
  readonly target: TargetEntry;
  readonly roles: readonly RoleEntry[];

  constructor(scope: Construct, id: string, props: TargetStackProps<SagemakerEndpointWorkload>) {
    super(scope, id, props);
    const { platform, workload, environment, settings } = props;
    const [image] = workload.images;
    const { region } = workload;
    const place = {
      account: environment.account,
      region,
      repositoryArn: repositoryArn(platform, region, image),
    };
    // What runs is verified whichever way it came.
    const checked = [workload.verification.payload, workload.verification.schema].map(
      (file) => `${workload.source}/${file}`,
    );
    const endpoint = new SagemakerEndpoint(this, 'Endpoint', constructProps(workload, settings, place));
    ({ target: this.target, roles: this.roles } = describeTarget(this, props, {
      kind: SAGEMAKER_ENDPOINT_KIND,
      files: { deploy: checked, rollback: checked },
      // SageMaker takes no update while another one is under way, and has no call that stops it.
      settleMinutes: workload.rollout.timeoutMinutes,
      constructPath: endpoint.node.path,
      calls: endpoint.calls(),
      spec: endpoint.spec,
    }));
  }
}
