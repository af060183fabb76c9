import type { Fault, TargetEntry } from '../../contract';
import type { Artefacts, Job, Step } from '../artefacts';
import type { ProofResult } from '../proof';
import { type CommandUse, commandsOf } from './commands';
import { Deliveries, type TargetJob } from './deliveries';
import { placeOf } from './place';

const CHECKOUT = 'actions/checkout';
const COMMAND = '.lockstep/cli.mjs';
const MANIFEST = '.lockstep/manifest.json';
/** Verbs of the command that look at no file of a target. */
const READ_NONE: ReadonlySet<string> = new Set(['identity', 'diff', 'resolve', 'notify']);

const filesOf = ({ files }: TargetEntry): readonly string[] => [
  ...new Set([...files.deploy, ...files.rollback]),
];

/** What a verb of the command reads: all that the target names, where nothing more is known of the verb. */
function filesRead({ use: { verb }, target }: TargetJob): readonly string[] {
  if (!target || READ_NONE.has(verb)) return [];
  return verb === 'deploy' || verb === 'rollback' ? target.files[verb] : filesOf(target);
}

/**
 * The files that a job's command reads must be there when it runs: the command, the manifest, and what the verbs of
 * the target read. A verb that finds out in the middle of a deployment leaves it half done.
 */
export function neededFileFaults(artefacts: Artefacts): ProofResult {
  const all = usesOf(artefacts);
  const { targets, gpuChecks } = artefacts.manifest;
  const files = new Set([
    COMMAND,
    MANIFEST,
    ...targets.flatMap(filesOf),
    ...gpuChecks.map(({ image }) => image.dockerfile),
  ]);
  return { checked: all.length, findings: all.flatMap((one) => missingFaults(one, files)) };
}

/** A call of the command, and the files that it needs besides itself and the manifest. */
interface Use extends Pick<TargetJob, 'workflow' | 'job' | 'use'> {
  readonly files: readonly string[];
}

/** Calls on a target, and those that work on none. */
function usesOf(artefacts: Artefacts): readonly Use[] {
  const onTargets = Deliveries.of(artefacts).all;
  const known = new Set(onTargets.map(({ use }) => use));
  const others = artefacts.workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      commandsOf(job)
        .filter((use) => use.known && !known.has(use))
        .map((use) => ({ workflow, job, use, files: filesOfCheck(use, artefacts) })),
    ),
  );
  return [...onTargets.map((one) => ({ ...one, files: filesRead(one) })), ...others];
}

/** A combination of a GPU check is built where it runs. */
const filesOfCheck = ({ verb, workload }: CommandUse, { manifest }: Artefacts): readonly string[] =>
  verb === 'gpu-check run'
    ? manifest.gpuChecks.filter((one) => one.workload === workload).map(({ image }) => image.dockerfile)
    : [];

/** @param known files of the repository that are known to be none of its folders */
function missingFaults(one: Use, known: ReadonlySet<string>): readonly Fault[] {
  const { workflow, job, use } = one;
  const needed = [COMMAND, MANIFEST, ...one.files];
  const place = placeOf(workflow, job, use.step);
  const checkouts = checkoutsBefore(job, use.step);
  const read = checkouts.map((step) => patternsOf(step, known));
  const odd = read.flatMap((patterns) => (patterns && 'unread' in patterns ? [patterns.unread] : []));
  if (odd.length > 0) {
    return [
      {
        place,
        value: `sparse-checkout: ${odd.join(', ')}`,
        allowed:
          'folders such as .lockstep, or with cone mode switched off paths from the root, such as /.lockstep/',
        change: 'name the files by their path',
      },
    ];
  }
  const isThere = (file: string) =>
    read.some((patterns) => patterns === undefined || ('includes' in patterns && patterns.includes(file)));
  return needed
    .filter((file) => !isThere(file))
    .map((file) => ({
      place,
      value: `${file} is not checked out`,
      allowed: `what \`${use.verb}\` reads: ${needed.join(', ')}`,
      change: `add ${file} to the checkout of ${job.id}, or run \`npx projen\``,
    }));
}

/** Checkouts at the root of the repository that run whenever the job does. */
const checkoutsBefore = ({ steps }: Job, step: Step): readonly Step[] =>
  steps
    .slice(0, steps.indexOf(step))
    .filter(
      ({ uses, condition, with: inputs }) =>
        uses?.action.toLowerCase() === CHECKOUT && condition === undefined && inputs.path === undefined,
    );

type Patterns = { readonly includes: (file: string) => boolean } | { readonly unread: string };

/**
 * What a sparse checkout takes. Cone mode, the default, takes folders with all below them, and the files beside each
 * folder on the way; git refuses a leading slash and a file there. Otherwise a line is a pattern of `.gitignore`, of which only paths from the root are read here.
 *
 * @returns undefined for a checkout of everything
 * @see https://git-scm.com/docs/git-sparse-checkout
 */
function patternsOf({ with: inputs }: Step, known: ReadonlySet<string>): Patterns | undefined {
  const lines = (inputs['sparse-checkout'] ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (lines.length === 0) return undefined;
  const isCone = (inputs['sparse-checkout-cone-mode'] ?? 'true') === 'true';
  const odd = lines.find(
    (line) => /[*?[\]\\!#]/.test(line) || line.startsWith('/') === isCone || (isCone && known.has(line)),
  );
  if (odd !== undefined) return { unread: odd };
  if (!isCone) return { includes: (file) => lines.some((line) => isWithin(line, `/${file}`)) };
  const folders = lines.map((line) => line.replace(/\/$/, ''));
  return {
    includes: (file) => {
      const folder = file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
      return folders.some(
        (one) => `${file}/`.startsWith(`${one}/`) || folder === '' || `${one}/`.startsWith(`${folder}/`),
      );
    },
  };
}

/** A path from the root, or anything below it. */
const isWithin = (pattern: string, file: string): boolean =>
  pattern.endsWith('/') ? file.startsWith(pattern) : file === pattern || file.startsWith(`${pattern}/`);
