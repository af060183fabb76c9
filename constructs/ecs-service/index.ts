export * from './ecs-service';
export * from './props';
export type { LoadBalancerScheme } from './service-load-balancer';
export * from './spec';
export * from './update-capacity';
