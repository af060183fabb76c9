import { z } from 'zod';
import { LockstepError } from '../../../contract';
import { figuresSchema } from './figures';

/**
 * Why a combination failed. `noDriver`: nothing of NVIDIA in the container. `driverTooOld`: the driver refuses the image.
 * `wrongResult`: the matrix product differs from the CPU's. `cudaFault`: CUDA reported an error. `otherVersions`: the
 * image has other versions than it was built for. `noFigures`: the program said nothing that can be read. `noCapacity`:
 * no instance came. `taskStopped`: the task ended otherwise, in the words of AWS. `timedOut`: it had not ended until the
 * deadline, or the program gave up by its own. `interrupted`: the run was told to stop. `notRun`: AWS refused a call.
 */
const FAILURE_CAUSES = [
  'noDriver',
  'driverTooOld',
  'wrongResult',
  'cudaFault',
  'otherVersions',
  'noFigures',
  'noCapacity',
  'taskStopped',
  'timedOut',
  'interrupted',
  'notRun',
] as const;

export type FailureCause = (typeof FAILURE_CAUSES)[number];

const seconds = z.number().nonnegative();

const outcomeSchema = z.discriminatedUnion('verdict', [
  /** It ran on a host with the driver of the combination. */
  z.strictObject({ verdict: z.literal('tested'), figures: figuresSchema }),
  /** It ran on a host with another driver: the tables stand for the rest. */
  z.strictObject({ verdict: z.literal('declared'), figures: figuresSchema }),
  z.strictObject({
    verdict: z.literal('failed'),
    cause: z.enum(FAILURE_CAUSES),
    message: z.string(),
    remedy: z.string(),
    /** Words of AWS and last lines of the program. */
    evidence: z.array(z.string()).readonly(),
    figures: figuresSchema.optional(),
  }),
]);

const taskSchema = z.strictObject({
  id: z.string(),
  /** `family:revision` that was registered for it, and deregistered at its end. */
  definition: z.string(),
  /** EC2 type that it ran on. Absent where it never had a place. */
  instanceType: z.string().optional(),
  /** Seconds until its container started: a new instance may have had to come, and the image to be pulled. */
  waited: seconds.optional(),
  /** Seconds of these that pulling the image took. */
  pulled: seconds.optional(),
  /** Seconds that its container ran. */
  ran: seconds.optional(),
});

/** The document that a job of the matrix leaves behind, and the report is made of. */
const cellResultSchema = z.strictObject({
  revision: z.literal(1),
  workload: z.string(),
  cell: z.strictObject({ cuda: z.string(), driver: z.string(), pytorch: z.string() }),
  /** EC2 type that was asked for. */
  instanceType: z.string(),
  image: z.string(),
  /** Images that the combination's image was built from. */
  baseImages: z.array(z.string()).readonly(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  task: taskSchema.optional(),
  outcome: outcomeSchema,
  /** What could not be cleaned up, as a command that does it. */
  leftBehind: z.array(z.string()).readonly(),
});

export type CellOutcome = z.infer<typeof outcomeSchema>;
export type CellFailure = Extract<CellOutcome, { verdict: 'failed' }>;
export type TaskFacts = z.infer<typeof taskSchema>;
export type CellResult = z.infer<typeof cellResultSchema>;

/** @throws LockstepError `InvalidArgument` for a document of another form */
export function readCellResult(text: string, path: string): CellResult {
  const parsed = cellResultSchema.safeParse(documentOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new LockstepError('InvalidArgument', {
    place: path,
    value:
      issue === undefined ? 'another form' : `${issue.path.join('.') || 'the document'}: ${issue.message}`,
    allowed: 'a result that `gpu-check run` of this version has written',
    change: 'run the combination again',
  });
}

function documentOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
