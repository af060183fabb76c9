/** What a template tells of a value that it does not tell. */
interface Known {
  /** A text in which each part that is not known stands between `<` and `>`. */
  readonly text?: string;
  /** Values of `Fn::If`, first the one where its condition holds. */
  readonly choices?: readonly Value[];
}

/** A value of a template that CloudFormation knows only when it deploys. */
export class Unresolved {
  /**
   * @param references logical ids of the resources that the value is made of
   * @param known what can be said of it all the same
   */
  constructor(
    readonly description: string,
    readonly references: readonly string[] = [],
    readonly known: Known = {},
  ) {}

  toString(): string {
    return `<${this.description}>`;
  }
}

export type Value =
  string | number | boolean | null | Unresolved | readonly Value[] | { readonly [key: string]: Value };
