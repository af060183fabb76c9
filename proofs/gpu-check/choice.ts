import type { Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import { record, textsOf } from '../flow/occurrences';
import { placeOf } from '../flow/place';
import { writtenOption } from '../flow/written-option';
import type { ProofResult } from '../proof';
import { unless, type Wrong, wrongAt } from '../wrong';
import { type CheckJob, checkJobs, RUN } from './jobs';

/** An input, or a value where the run has none. */
const CHOSEN = /^\$\{\{\s*inputs\.([\w-]+)\s*\|\|\s*'([^']*)'\s*\}\}$/;

/**
 * People choose among the EC2 types that have a capacity provider, and nothing else; a run by the clock takes the first.
 * What somebody could type would reach the command as it stands.
 */
export function choiceFaults(artefacts: Artefacts): ProofResult {
  const jobs = checkJobs(artefacts, RUN);
  return { checked: jobs.length * 4, findings: jobs.flatMap(faultsOf) };
}

function faultsOf({ entry, workflow, job, use }: CheckJob): readonly Fault[] {
  const { instanceTypes } = entry;
  const [usual = ''] = instanceTypes;
  const written = writtenOption(workflow, job, use, 'instance-type') ?? 'nothing';
  const [, name = '', otherwise = ''] = CHOSEN.exec(written) ?? [];
  const change = 'run `npx projen` to write the workflows anew';
  const dispatch = workflow.triggers.find(({ event }) => event === 'workflow_dispatch');
  const input = record(record(dispatch?.filters.inputs)[name]);
  return [
    ...wrongAt(placeOf(workflow, job, use.step), change, [
      ...unless(
        name !== '' && otherwise === usual,
        `--instance-type ${written}`,
        `an input of the run, and ${usual} where a run has none`,
      ),
    ]),
    ...(name === '' ? [] : wrongAt(`${workflow.file}:${dispatch?.line ?? 1}`, change, wrongInput(input))),
  ];

  function wrongInput(given: Readonly<Record<string, unknown>>): readonly Wrong[] {
    const options = textsOf(given.options);
    return [
      ...unless(
        given.type === 'choice',
        `the input ${name} of type ${String(given.type ?? 'string')}`,
        'a choice',
      ),
      ...unless(
        options.join() === instanceTypes.join(),
        `options of ${name}: ${options.join(', ') || 'none'}`,
        `the types that have a capacity provider: ${instanceTypes.join(', ')}`,
      ),
      ...unless(
        given.default === undefined || given.default === usual,
        `default: ${String(given.default)}`,
        `${usual}, as the run by the clock takes it`,
      ),
    ];
  }
}
