import { gpuCheckJobMinutes } from '../../contract';
import type { ResolvedGpuCheck } from '../plan/gpu-checks';
import type { CommandStep, PlannedJob, UsesStep } from '../plan/model';
import { buildSteps } from '../steps/build-image';
import { checkout } from '../steps/checkout';
import { commandStep, STOPPABLE } from '../steps/command';
import { registryLogin } from '../steps/registry-login';
import { assume, signIn } from '../steps/sign-in';
import { usesStep } from '../steps/uses';
import { groups } from './groups';
import { READ_CONTENTS, SIGN_IN } from './permissions';

/** Id of the job, and of its step. */
export const CHECK = 'check';
/** Input that names the EC2 type of the run. */
export const INSTANCE_TYPE = 'instance-type';
/** What each job hands on. */
export const RESULT = { prefix: 'gpu-check', file: 'gpu-check.json' } as const;

/** Versions of the job's own combination. */
const CUDA = '${{ matrix.cuda }}';
const DRIVER = '${{ matrix.driver }}';
const PYTORCH = '${{ matrix.pytorch }}';

/**
 * Builds an image of each combination of versions and runs it as a task on a GPU. Only combinations that the tables of
 * compatibility support are tried.
 *
 * @throws LockstepError `SessionTooShort`
 */
export function gpuCheckJob({ check, role }: ResolvedGpuCheck): PlannedJob {
  const timeoutMinutes = gpuCheckJobMinutes(check);
  const session = assume(role, timeoutMinutes, `job ${CHECK} of ${check.id}`);
  const image = { ...check.image, registry: 'ecr', id: check.id } as const;
  return {
    id: CHECK,
    name: `Check CUDA ${CUDA}, driver ${DRIVER}, PyTorch ${PYTORCH}`,
    needs: [],
    environment: check.environment,
    matrix: {
      axes: { cuda: check.matrix.cuda, driver: check.matrix.driver, pytorch: check.matrix.pytorch },
      exclude: check.matrix.exclude.map(({ because, ...values }) => ({ values, reason: sentences(because) })),
      maxParallel: check.maxParallel,
    },
    runsOn: check.runnerLabels,
    timeoutMinutes,
    permissions: [READ_CONTENTS, SIGN_IN],
    role: session,
    concurrency: groups.perCombination(check.workload, CHECK),
    outputs: {},
    steps: [
      checkout(),
      signIn(role, session, check.region, check.id),
      registryLogin(image),
      ...buildSteps({
        image,
        tag: `${image.repository.uri}:\${{ github.run_id }}-\${{ github.run_attempt }}-cuda${CUDA}-driver${DRIVER}-pytorch${PYTORCH}`,
        arguments: { CUDA, PYTORCH },
        cache: 'none',
      }),
      run(check),
      keep(),
    ],
  };
}

const sentences = (text: string): readonly string[] => text.split(/(?<=\.) (?=[A-Z])/);

function run({ workload, image, instanceTypes, calls }: ResolvedGpuCheck['check']): CommandStep {
  return commandStep({
    name: 'Run it on a GPU',
    id: CHECK,
    reason: STOPPABLE,
    env: {
      CUDA,
      DRIVER,
      PYTORCH,
      INSTANCE_TYPE: `\${{ inputs.${INSTANCE_TYPE} || '${instanceTypes[0] ?? ''}' }}`,
      IMAGE: `${image.repository.uri}@\${{ steps.build.outputs.digest }}`,
    },
    command: {
      verb: 'gpu-check run',
      subject: workload,
      options: [
        { flag: '--cuda', variable: 'CUDA' },
        { flag: '--driver', variable: 'DRIVER' },
        { flag: '--pytorch', variable: 'PYTORCH' },
        { flag: '--instance-type', variable: 'INSTANCE_TYPE' },
        { flag: '--image', variable: 'IMAGE' },
        { flag: '--output', value: RESULT.file },
      ],
    },
    calls: calls.run,
  });
}

function keep(): UsesStep {
  return usesStep({
    name: 'Keep the result',
    condition: `always() && steps.${CHECK}.outcome != 'skipped'`,
    reason: 'What went wrong, or was cancelled, stands in the report too.',
    uses: 'actions/upload-artifact',
    with: {
      name: `${RESULT.prefix}-${CUDA}-${DRIVER}-${PYTORCH}`,
      path: RESULT.file,
      'if-no-files-found': 'error',
    },
  });
}
