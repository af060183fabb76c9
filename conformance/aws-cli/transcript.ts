import { z } from 'zod';

/**
 * Arguments of the CLI. `{{token}}` and `{{token:<environment>}}` are tokens of GitHub for a job, `{{<name>}}` is
 * what an earlier step kept.
 */
const command = {
  run: z.array(z.string()).min(2),
  /** Session that an earlier step signed in. @default - nobody signs */
  as: z.string().optional(),
};

const call = z.union([
  /** The answer is this JSON: objects have at least these members, lists exactly these items. */
  z.strictObject({ ...command, answers: z.json() }),
  /** It prints exactly this, but for white space around it. */
  z.strictObject({ ...command, prints: z.string() }),
  /** What it prints is kept under a name. */
  z.strictObject({ ...command, keeps: z.string() }),
  /** The answer holds the credentials of a session, kept under a name. */
  z.strictObject({ ...command, signsIn: z.string() }),
  /** It fails with this code of AWS. */
  z.strictObject({ ...command, refused: z.string() }),
]);

/** Virtual time goes by. */
const pause = z.strictObject({ passSeconds: z.number().positive() });

/** Calls of the AWS CLI and what must come of them, in order, against one emulated AWS. */
export const transcriptSchema = z.strictObject({
  /** Workflow whose jobs ask for the tokens, by its path. */
  workflow: z.string(),
  /** Whether a service that nobody calls is a finding. */
  everyService: z.boolean(),
  /** Stacks beside those of the platform. */
  stacks: z.array(
    z.strictObject({ stack: z.string(), account: z.string(), region: z.string(), body: z.unknown() }),
  ),
  /** Files in the folder in which the CLI runs, by name. */
  files: z.record(z.string().regex(/^[\w.-]+$/), z.string()),
  steps: z.array(z.union([call, pause])).min(1),
});

export type Transcript = z.infer<typeof transcriptSchema>;
export type TranscriptCall = z.infer<typeof call>;
