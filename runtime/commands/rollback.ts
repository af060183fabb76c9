import { type Command, Option } from 'commander';
import type { RollbackOutcome, RollbackRequest } from '../../contract/deployer';
import { LockstepError } from '../../contract/errors';
import { ImageReference } from '../../contract/image-reference';
import type { DeployManifest, TargetEntry } from '../../contract/manifest';
import type { Report } from '../report';
import type { Session } from '../session';
import { contentFacts } from './content-facts';
import type { CommandContext } from './options';
import { addTargetVerb, type TargetOptions } from './target-verb';
import type { DeployerFor } from './verbs';

interface RollbackOptions extends TargetOptions {
  readonly revision?: string;
  readonly image?: string;
  readonly deployment?: string;
  readonly version?: string;
  readonly failed?: boolean;
  readonly list?: boolean;
}

export function addRollback(program: Command, context: CommandContext): void {
  addTargetVerb<'rollback' | 'rollback --image' | 'rollback --list', RollbackOptions>(program, context, {
    name: 'rollback',
    description: 'Go back to the last stable version, to a revision or to an image, and verify it',
    options: (command) =>
      command
        .option('-r, --revision <revision>', 'revision to go to (default: the last stable one)')
        .option(
          '-i, --image <repository@sha256:…>',
          'image to go back to: the newest stable version that runs it',
        )
        .option('-d, --deployment <id>', 'deployment that failed; a newer one is left alone')
        .option('--version <version>', 'version that failed, where its deployment is not known')
        .addOption(
          new Option(
            '--failed',
            'undo only what --deployment or --version names; without either nothing was started, so do nothing',
          ).conflicts(['revision', 'image', 'list']),
        )
        .option('-l, --list', 'only list the versions that one can go back to'),
    example: '--revision 41',
    json: 'result?: rolledBack|alreadyRolledBack|nothingToDo|leftToOther, from?, to?, message?, checks?, history?, diagnoses?',
    exits: { done: 'a stable version runs', failed: 'there was none to go back to, or going back failed' },
    run: async ({ session, manifest, entry, deployer, options, name }) => {
      const image = await imageOf(options, manifest, entry);
      if (options.list === true) return stableVersions(session, deployer, name);
      session.phase(`Roll back ${name}`);
      const back = image
        ? () => recall(deployer, entry, image, session)
        : () => deployer.rollback(requestOf(options), session.context);
      return rollBack(session, deployer, back, name);
    },
  });
}

/**
 * The image to go back to, where one is named. Only a workload that can tell which versions ran an image takes one.
 *
 * @throws LockstepError `InvalidArgument`, `ImageWithoutDigest` or `ForeignImage`
 */
async function imageOf(
  { image: text, revision }: RollbackOptions,
  manifest: DeployManifest,
  entry: TargetEntry,
): Promise<ImageReference | undefined> {
  if (!text) return undefined;
  const workload = manifest.workloads.find(({ id }) => id === entry.workload);
  if (workload?.rollbackByCommit !== true) {
    throw invalid('--image', text, `nothing: ${entry.workload} goes back by revision`, 'pass --revision');
  }
  if (revision) {
    throw invalid(
      '--revision and --image',
      `${revision} and ${text}`,
      'one of them',
      'leave one of them out',
    );
  }
  const image = ImageReference.parse(text);
  const { checkRepository } = await import('../manifest');
  checkRepository(manifest, entry, image.repository);
  return image;
}

const invalid = (place: string, value: string, allowed: string, change: string): LockstepError =>
  new LockstepError('InvalidArgument', { place, value, allowed, change });

/** Workflows pass inputs that were left empty as empty strings. */
const requestOf = ({ revision, deployment, version, failed }: RollbackOptions): RollbackRequest => ({
  ...(revision ? { revision } : {}),
  ...(deployment ? { deployment } : {}),
  ...(version ? { version } : {}),
  ...(failed === true ? { onlyNamed: true } : {}),
});

/** @throws LockstepError `VerbNotSupported` */
async function recall(
  deployer: DeployerFor<'rollback --image'>,
  entry: TargetEntry,
  image: ImageReference,
  session: Session,
): Promise<RollbackOutcome> {
  if (deployer.recall) return deployer.recall(image, session.context);
  const { notSupported } = await import('./verb-not-supported');
  throw notSupported('rollback --image', entry);
}

async function rollBack(
  session: Session,
  deployer: DeployerFor<'rollback --image'>,
  back: () => Promise<RollbackOutcome>,
  name: string,
): Promise<Report> {
  try {
    const outcome = await back();
    session.emit({
      code: `rollback.${outcome.result}`,
      level: outcome.result === 'leftToOther' ? 'warning' : 'success',
      message: outcome.message,
    });
    return await outcomeReport(session, deployer, outcome, name);
  } catch (error) {
    if (!LockstepError.is(error) || error.code !== 'RollbackFailed') throw error;
    const { diagnoseOrSay } = await import('./conclusion');
    session.phase('Diagnose');
    const diagnoses = await diagnoseOrSay(session, deployer);
    return { title: `${name}: going back failed`, facts: [], diagnoses, data: {}, failure: error };
  }
}

async function outcomeReport(
  session: Session,
  deployer: DeployerFor<'rollback --image'>,
  outcome: RollbackOutcome,
  name: string,
): Promise<Report> {
  const { checkOutcome } = await import('./rollback-checks');
  const { from, to, message, result } = outcome;
  const { checks, failure } = await checkOutcome(session, deployer, outcome, name);
  return {
    title: failure
      ? `${name}: went back to ${to?.name ?? 'nothing'}, but what runs is not as it should be`
      : `${name}: ${message}`,
    facts: [
      ...(from ? [['from', from.name] as const] : []),
      ...(to ? [['to', to.name] as const] : []),
      ...(to ? contentFacts(to) : []),
      ['result', result],
    ],
    ...(checks ? { checks } : {}),
    data: { ...outcome },
    ...(failure ? { failure } : {}),
  };
}

async function stableVersions(
  session: Session,
  deployer: DeployerFor<'rollback --list'>,
  name: string,
): Promise<Report> {
  const { running, history } = await deployer.status(session.context);
  const stable = history.filter((past) => past.stable);
  return {
    title: `${name}: ${stable.length} stable ${stable.length === 1 ? 'version' : 'versions'} to go back to`,
    facts: running ? [['running', running.name]] : [],
    history: stable,
    data: { running },
  };
}
