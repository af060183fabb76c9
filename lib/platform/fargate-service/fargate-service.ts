import type { EcsServiceFields } from '../ecs-service';

/** A service on Fargate, after validation. */
export interface FargateService extends EcsServiceFields {
  readonly kind: 'fargateService';
}
