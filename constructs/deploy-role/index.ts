export * from './deploy-role';
export { statementsFor } from './statements';
export * from './trust';
