import type { CellResult } from '../../constructs/gpu-check/runtime';
import { readCellResult } from '../../constructs/gpu-check/runtime/result';
import { LockstepError } from '../../contract/errors';
import { sections } from '../renderers/markdown';
import type { Report } from '../report';
import type { Session } from '../session';
import { CELL_STATUSES } from './cells';
import { compatibilityReport, type CompatibilityReport, type UnreadResult } from './compatibility-report';
import { findGpuCheck } from './find';
import { STATUS_NAMES } from './render/combinations';
import { reportParts } from './render/report-parts';

export interface ReportChecksOptions {
  /** Folder with results, at any depth. */
  readonly results: string;
  /** Folder for `report.md` and `report.json`. */
  readonly output: string;
}

interface Results {
  readonly results: readonly CellResult[];
  readonly unread: readonly UnreadResult[];
}

/** Makes the report of what is there: combinations without result are listed as such. */
export async function reportChecks(
  session: Session,
  workload: string,
  options: ReportChecksOptions,
): Promise<Report> {
  const entry = findGpuCheck(await session.manifest(), workload);
  const folder = options.results.replace(/\/+$/, '');
  const { results, unread } = await readResults(session, folder);
  const { commit } = session.ports.environment;
  const report = compatibilityReport({
    entry,
    results: results.filter((each) => each.workload === workload),
    unread,
    now: session.context.clock.now(),
    ...(commit === undefined ? {} : { commit }),
  });
  const parts = reportParts(report);
  const output = options.output.replace(/\/+$/, '');
  await session.ports.writeFile(`${output}/report.md`, sections(parts));
  await session.ports.writeFile(`${output}/report.json`, `${JSON.stringify(report, null, 2)}\n`);
  return {
    title: `${workload}: ${countText(report)}`,
    facts: [['report', `${output}/report.md`]],
    summary: parts,
    data: { report },
  };
}

/** Every JSON file of the folder. One that cannot be read is told, and keeps no other from being reported. */
async function readResults(session: Session, folder: string): Promise<Results> {
  const results: CellResult[] = [];
  const unread: UnreadResult[] = [];
  for (const file of await filesOf(session, folder)) {
    try {
      results.push(readCellResult(await session.ports.readFile(`${folder}/${file}`), file));
    } catch (error) {
      const why = LockstepError.is(error) ? (error.faults[0]?.value ?? '') : String(error);
      unread.push({ path: file, why });
      warn(session, `${file} is no result: ${why}`, { file });
    }
  }
  return { results, unread };
}

/** Nothing where no job has left a result: the folder is then missing. */
async function filesOf(session: Session, folder: string): Promise<readonly string[]> {
  try {
    const files = await session.ports.listFiles(folder);
    return files.filter((file) => file.endsWith('.json'));
  } catch {
    warn(session, `${folder} cannot be read: there are no results`, { folder });
    return [];
  }
}

const warn = (session: Session, message: string, data: Readonly<Record<string, string>>): void =>
  session.emit({ code: 'gpuCheck.noResult', level: 'warning', message, data });

const countText = ({ counts }: CompatibilityReport): string =>
  CELL_STATUSES.filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${STATUS_NAMES[status]}`)
    .join(', ');
