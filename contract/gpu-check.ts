import { z } from 'zod';
import { awsCallSchema } from './aws-call';

const id = z.string().regex(/^[a-z][a-z0-9-]*$/);
const versions = z.array(z.string()).min(1).readonly();
const calls = z.array(awsCallSchema).readonly();

/** Combinations that are left out of the matrix: all that have the versions which are named here. */
const exclusionSchema = z
  .strictObject({
    cuda: z.string().optional(),
    driver: z.string().optional(),
    pytorch: z.string().optional(),
    because: z.string(),
  })
  .refine(({ cuda, driver, pytorch }) => (cuda ?? driver ?? pytorch) !== undefined, 'at least one version');

/**
 * Regular checks whether the versions of a GPU stack go together: each combination is built as an image and run as a task
 * on a GPU. The check has a cluster of its own, so that it takes nothing from a service.
 */
export const gpuCheckSchema = z.strictObject({
  id,
  workload: id,
  /** GitHub environment of the jobs, whose account runs the tasks. It waits for nobody. */
  environment: id,
  account: z.string().regex(/^\d{12}$/),
  region: z.string(),
  /** Role id: it builds, pushes and runs. */
  role: id,
  /** What each combination is built from, with the build arguments `CUDA` and `PYTORCH`. */
  image: z.strictObject({
    repository: z.strictObject({
      name: z.string(),
      uri: z.string(),
      account: z.string(),
      region: z.string(),
    }),
    context: z.string(),
    dockerfile: z.string(),
    platform: z.string(),
  }),
  /** When it runs by itself, as cron in UTC. */
  schedule: z.string(),
  /** EC2 types that people may choose. A run by schedule takes the first. */
  instanceTypes: versions,
  /** Every combination runs but those of `exclude`, which the tables rule out. */
  matrix: z.strictObject({
    cuda: versions,
    driver: versions,
    pytorch: versions,
    exclude: z.array(exclusionSchema).readonly(),
  }),
  /** Combinations that run at the same time: as many as there may be instances of one type. */
  maxParallel: z.int().positive(),
  /** Longest that one task may take, from being asked for to its end, a new instance included. */
  taskTimeoutMinutes: z.int().positive(),
  runnerLabels: z.array(z.string()).min(1).readonly(),
  constructPath: z.string(),
  calls: z.strictObject({
    /** Pushing an image. */
    build: calls,
    /** Running it as a task. */
    run: calls,
  }),
  /** Read by the check alone. */
  spec: z.unknown(),
});

export type MatrixExclusion = z.infer<typeof exclusionSchema>;
export type GpuCheckEntry = z.infer<typeof gpuCheckSchema>;
