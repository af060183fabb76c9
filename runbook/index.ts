import { cost } from './cost';
import { githubSettings } from './github-settings';
import { overview } from './overview';
import { practices } from './practices';
import { prerequisites } from './prerequisites';
import { signIn } from './sign-in';
import type { RunbookSource } from './source';
import { type Subject, subjectOf } from './subject';
import { tonight } from './tonight';
import { troubleshooting } from './troubleshooting';
import { usage } from './usage';
import { workflows } from './workflows';

export type { RunbookSource, RunbookStack } from './source';

/** A runbook by its path from the root of the repository. */
export interface Runbook {
  readonly path: string;
  readonly text: string;
}

const SECTIONS: readonly ((subject: Subject) => string)[] = [
  tonight,
  overview,
  prerequisites,
  signIn,
  githubSettings,
  workflows,
  usage,
  troubleshooting,
  practices,
  cost,
];

export const runbookPath = (workload: string): string => `docs/runbooks/${workload}.md`;

/**
 * What people who look after a workload need to know, for each workload: from manifest, plans and templates, so that it
 * names what is there.
 *
 * @throws LockstepError `DanglingReference`, `UnknownTargetKind`, `InvalidSpec`
 */
export const runbooks = (source: RunbookSource): readonly Runbook[] =>
  source.manifest.workloads.map((workload) => {
    const subject = subjectOf(source, workload);
    const head = [
      `# Runbook: ${workload.id}`,
      'Written by `npx projen` from `platform.config.ts`; change that file.',
      ...SECTIONS.map((write) => write(subject)),
    ];
    return { path: runbookPath(workload.id), text: `${head.join('\n\n')}\n` };
  });
