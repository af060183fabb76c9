import type { Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import type { ProofResult } from '../proof';
import { groupOf } from './deliveries';
import { placeOf } from './place';

/**
 * Each job of a file has a concurrency group of its own: of jobs that share one, GitHub runs one, lets one wait, and
 * cancels the others.
 *
 * @see https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
 */
export function jobGroupFaults({ workflows }: Artefacts): ProofResult {
  const parts = workflows.map((workflow) => {
    const jobs = workflow.jobs.flatMap((job) => {
      const group = groupOf(job);
      return group === undefined ? [] : [{ job, group: group.toLowerCase() }];
    });
    const findings = jobs.flatMap(({ job, group }, index): Fault[] => {
      const first = jobs.slice(0, index).find((one) => one.group === group);
      if (!first) return [];
      return [
        {
          place: placeOf(workflow, job),
          value: `the concurrency group ${groupOf(job) ?? ''}, which ${first.job.id} holds too`,
          allowed: 'a group of its own for each job of a file',
          change: `name the group after ${job.id}`,
        },
      ];
    });
    return { checked: jobs.length, findings };
  });
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}
