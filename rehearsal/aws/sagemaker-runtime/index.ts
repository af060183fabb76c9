export type { AnswerRule, ModelAnswer } from './answers';
export { invokeEndpoint } from './invoke';
