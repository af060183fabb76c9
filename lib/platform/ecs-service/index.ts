export type * from './ecs-service';
export type * from './props';
export { updateProps } from './update-props';
