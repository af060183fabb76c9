import { code, text } from '../../renderers/markdown';
import type { CompatibilityReport } from '../compatibility-report';
import { combinations, exclusions, failures, leftBehind, missing } from './combinations';
import { figures } from './figures';
import { cudaAndDrivers, prices, pytorchBuilds } from './reviewed';
import { baseImages, detection, ecsSettings, problems } from './surroundings';

/**
 * The report in Markdown, in parts from what a reader wants to know first to what explains it. What programs and AWS
 * have said is escaped.
 */
export function reportParts(report: CompatibilityReport): readonly (readonly string[])[] {
  const parts: readonly (readonly string[] | undefined)[] = [
    head(report),
    combinations(report),
    ...failures(report),
    missing(report),
    leftBehind(report),
    ...figures(report),
    prices(report),
    cudaAndDrivers(report),
    pytorchBuilds(report),
    baseImages(report),
    ecsSettings(report),
    detection(),
    exclusions(report),
    problems(report),
  ];
  return parts.filter((part) => part !== undefined);
}

function head({
  workload,
  environment,
  region,
  generatedAt,
  commit,
}: CompatibilityReport): readonly string[] {
  const at = `${generatedAt.slice(0, 16).replace('T', ' ')} UTC`;
  return [
    `# GPU compatibility of ${text(workload)}`,
    '',
    `Checked in ${text(environment)} (${text(region)}), ${at}${commit === undefined ? '' : `, commit ${code(commit)}`}.`,
  ];
}
