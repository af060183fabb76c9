import { Document } from 'yaml';
import type { PipelinePlan } from '../plan/model';
import { concurrencyNode, jobNode } from './job';
import { empty, mapping } from './nodes';
import { triggersNode } from './triggers';

const ORIGIN = 'Written by Lockstep from platform.config.ts; change that file and run `npx projen`.';

/** The text of a workflow file. The same plan gives the same text. */
export function renderWorkflow(plan: PipelinePlan): string {
  const document = new Document(
    mapping(
      [
        ['name', plan.name],
        ['run-name', plan.runName],
        ['on', triggersNode(plan.triggers)],
        ['permissions', empty()],
        ['concurrency', plan.concurrency && concurrencyNode(plan.concurrency)],
        // With `shell` given, bash stops at the first failure inside a pipe too.
        ['defaults', mapping([['run', mapping([['shell', 'bash']])]])],
        [
          'jobs',
          mapping(
            plan.jobs.map((job) => [job.id, jobNode(job)] as const),
            { spaced: true },
          ),
        ],
      ],
      { spaced: true },
    ),
  );
  document.commentBefore = [ORIGIN, ...plan.comment].map((line) => ` ${line}`).join('\n');
  return document.toString({ lineWidth: 0, flowCollectionPadding: false, singleQuote: true });
}
