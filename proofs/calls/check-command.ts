import type { DeployManifest, TargetEntry } from '../../contract';
import { type ReadCalls, refused, stepCallsOf } from './call';
import { CALLS_OF_CHECK_COMMAND } from './command-verbs';
import type { Options } from './options';
import type { CommandPlace } from './pipeline-command';

/** Calls of `gpu-check run` and `gpu-check report`, for the check of the workload that they name. */
export function checkCommandCalls(
  verb: keyof typeof CALLS_OF_CHECK_COMMAND,
  workload: string | undefined,
  given: Options,
  { place, text }: CommandPlace,
  { gpuChecks }: DeployManifest,
): ReadCalls {
  const refuse = (value: string, allowed: string, change: string): ReadCalls =>
    refused({ place, value: `${value} in \`${text}\``, allowed, change });
  const check = gpuChecks.find((one) => one.workload === workload);
  if (!check) {
    const known = gpuChecks.map((one) => one.workload).join(', ') || 'no workload: the manifest has no check';
    return refuse(workload ?? 'a workload that cannot be told', known, 'name a workload with a GPU check');
  }
  const calls = CALLS_OF_CHECK_COMMAND[verb];
  if (calls === undefined) return { calls: [], faults: [] };
  const { uri } = check.image.repository;
  const [image] = given.writtenValues('--image');
  const name = image?.replace(/\$\{\{[^}]*\}\}/g, '').replace(/[@:].*$/s, '');
  if (name !== undefined && name !== '' && name !== uri) {
    return refuse(`image ${image ?? ''}`, `an image of ${uri}`, 'run the image that the job has built');
  }
  const { environment } = check;
  return {
    calls: stepCallsOf(check.calls[calls], text, { workload: check.workload, environment }),
    faults: [],
  };
}

/** Calls of `notify`: mail is sent through the topic of the target, where it has one. */
export const newsCalls = ({ workload, environment, postbox }: TargetEntry, text: string): ReadCalls => ({
  calls: stepCallsOf(postbox?.calls ?? [], text, { workload, environment }),
  faults: [],
});
