import { z } from 'zod';
import type { Place } from '../place';
import type { StoredResource } from './state';

/** @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export const STATUS_CODES = { pending: 0, running: 16, stopped: 80, terminated: 48 } as const;

export type InstanceStatus = keyof typeof STATUS_CODES;

/** An instance as other services see it. */
export interface InstanceView extends Place {
  readonly id: string;
  readonly instanceType: string;
  readonly status: InstanceStatus;
  readonly tags: Readonly<Record<string, string>>;
  /** Name of its instance profile. */
  readonly profile?: string;
}

const description = z.object({
  InstanceType: z.string(),
  State: z.object({ Name: z.enum(['pending', 'running', 'stopped', 'terminated']) }),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })),
  IamInstanceProfile: z.object({ Arn: z.string() }).optional(),
});

export function instanceView({ id, account, region, description: described }: StoredResource): InstanceView {
  const { InstanceType, State, Tags, IamInstanceProfile } = description.parse(described);
  const profile = IamInstanceProfile?.Arn.split('/').at(-1);
  return {
    id,
    account,
    region,
    instanceType: InstanceType,
    status: State.Name,
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    ...(profile !== undefined && { profile }),
  };
}
