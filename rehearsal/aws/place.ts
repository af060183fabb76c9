/** Where a resource of AWS lives, and where a call goes to. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

export const isAt = (thing: Place, { account, region }: Place): boolean =>
  thing.account === account && thing.region === region;
