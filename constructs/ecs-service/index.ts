export * from './gpu-ecs-service';
export * from './rolling-capacity';
export * from './spec';
