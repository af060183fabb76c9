import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface PlatformStackProps extends StackProps {
  readonly env: { readonly account: string; readonly region: string };
  /** @default - zones `a` and `b` of the region */
  readonly zones?: readonly string[];
}

/**
 * A stack whose account and region are known and whose availability zones are given, so that synthesis
 * asks no account for anything.
 */
export class PlatformStack extends Stack {
  private readonly zones: readonly string[];

  constructor(scope: Construct, id: string, props: PlatformStackProps) {
    super(scope, id, props);
    this.zones = props.zones ?? [`${props.env.region}a`, `${props.env.region}b`];
  }

  override get availabilityZones(): string[] {
    return [...this.zones];
  }
}
