import type { Job, Step, Workflow } from '../artefacts';
import { DEFAULT_AUDIENCE } from './issuer';

const ACTION = 'aws-actions/configure-aws-credentials';

/** A step in which a job trades its token for a session of a role. */
export interface SignIn {
  readonly workflow: Workflow;
  readonly job: Job;
  readonly step: Step;
  /** `file:line job/step`. */
  readonly place: string;
  /** ARN of the role, where it stands there literally. */
  readonly role?: string;
  readonly audience: string;
}

/** Every sign-in of every workflow. */
export function signInsOf(workflows: readonly Workflow[]): readonly SignIn[] {
  return workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      job.steps
        .filter(({ uses }) => uses?.action.toLowerCase() === ACTION)
        .map((step) => {
          const role = step.with['role-to-assume'];
          return {
            workflow,
            job,
            step,
            place: `${workflow.file}:${step.line} ${job.id}/${step.name ?? ACTION}`,
            ...(role !== undefined && isLiteral(role) && { role }),
            audience: step.with.audience ?? DEFAULT_AUDIENCE,
          };
        }),
    ),
  );
}

/** False where GitHub puts a value in when the job runs. */
export const isLiteral = (text: string): boolean => !text.includes('${{');

/**
 * The access of a job to a scope of its token. A job's own permissions replace those of the workflow;
 * `id-token` is never among the defaults.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions
 */
export function accessTo(scope: string, { permissions: ofWorkflow }: Workflow, { permissions }: Job): string {
  const effective = permissions ?? ofWorkflow;
  if (effective === 'write-all') return 'write';
  const access =
    typeof effective === 'object' && effective !== null
      ? (effective as Readonly<Record<string, unknown>>)[scope]
      : undefined;
  return typeof access === 'string' ? access : 'none';
}
