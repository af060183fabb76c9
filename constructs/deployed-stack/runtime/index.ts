export { openStacks, type Stacks } from './stacks';
