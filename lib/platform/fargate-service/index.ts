export { fargateService } from './factory';
export type * from './fargate-service';
export { fargateServiceKind } from './kind';
export type * from './props';
