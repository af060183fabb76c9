export type { Condition } from './condition';
export type { Decision } from './decision';
export { evaluate, type PolicySet } from './evaluate';
export { type NamedPolicy, parsePolicy, type PolicyKind, type Selection, type Statement } from './policy';
export type { PrincipalSelection } from './principal';
export * from './reference';
export type { IamRequest, RequestContext } from './request';
export { evaluateServiceTrust, evaluateTrust, type ServiceTrustRequest, type TrustRequest } from './trust';
export { actionGlob, glob, type Glob } from './wildcard';
