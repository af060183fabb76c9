import type { Construct } from 'constructs';
import { DeliveryState } from '../../constructs/delivery-state';
import { PlatformStack } from './platform-stack';

/** Once for each workload and environment: what the pipeline owns. It outlives everything else. */
export class StateStack extends PlatformStack {
  constructor(
    scope: Construct,
    id: string,
    env: { readonly account: string; readonly region: string },
    parameterNames: readonly string[],
  ) {
    super(scope, id, {
      env,
      stackName: id,
      description: 'What the pipeline released; read by the stack of the workload',
      terminationProtection: true,
    });
    new DeliveryState(this, 'Released', { parameterNames });
  }
}
