/** What intrinsic functions refer to, seen from one place of one stack. */
export interface Scope {
  /** Stack and logical id, for errors. */
  readonly place: string;
  readonly region: string;
  /** Value of a parameter, a pseudo parameter or a resource. @throws LockstepError `NotRehearsed` */
  ref(id: string): unknown;
  attribute(id: string, name: string): string;
  condition(name: string): boolean;
  mapping(map: string, first: string, second: string): unknown;
  /** Output of another stack of the same account. */
  stackOutput(stack: string, region: string, output: string): unknown;
  /** Exported output of another stack of the same account and region. */
  imported(name: string): unknown;
  /** An SSM parameter, as a dynamic reference reads it. */
  parameter(name: string): string;
}

/** What `AWS::NoValue` stands for: the property is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');
