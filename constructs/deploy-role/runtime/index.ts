export { callerOf, type Caller } from './caller';
