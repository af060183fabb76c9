import { z } from 'zod';
import type { TargetEntry } from '../../../contract';

/** What a fault must know of how a service is updated. */
const specSchema = z.object({
  update: z.object({ strategy: z.string(), hook: z.unknown().optional() }),
  verification: z.object({ functionName: z.string() }).optional(),
  capacity: z.object({ purchase: z.string() }).optional(),
  sleep: z.unknown().optional(),
});

const specOf = ({ spec }: TargetEntry) => specSchema.parse(spec);

/** Tasks are replaced; else both versions run at full size, and traffic shifts. */
export const isRolling = (target: TargetEntry): boolean => specOf(target).update.strategy === 'rolling';

export const shiftsTraffic = (target: TargetEntry): boolean => !isRolling(target);

/** Part of the clients try the new version first. */
export const shiftsInParts = (target: TargetEntry): boolean =>
  ['canary', 'linear'].includes(specOf(target).update.strategy);

/** ECS asks a function about the new tasks before clients reach them. */
export const hasHook = (target: TargetEntry): boolean => specOf(target).update.hook !== undefined;

/** Name of the function that asks the service. */
export const verificationOf = (target: TargetEntry): string | undefined =>
  specOf(target).verification?.functionName;

export const hasVerification = (target: TargetEntry): boolean => verificationOf(target) !== undefined;

/** Tasks run on instances; else on Fargate. */
export const usesInstances = (target: TargetEntry): boolean => specOf(target).capacity !== undefined;

/** AWS may take the instances away. */
export const isOnSpot = (target: TargetEntry): boolean => specOf(target).capacity?.purchase === 'spot';

/** Has no task at times, by the clock. */
export const sleeps = (target: TargetEntry): boolean => specOf(target).sleep !== undefined;
