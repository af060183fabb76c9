import type { Fault, ImageEntry } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import { builtImageFaults } from './built-image';
import { record } from './occurrences';
import { placeOf } from './place';

export const SCANNER = 'aquasecurity/trivy-action';
/** Formats in which the scanner lists what is inside, and looks for nothing. */
const LISTS = /^(?:cyclonedx|spdx|spdx-json|github)$/;
/** What the scanner looks for where the step does not say. */
const EVERY_SEVERITY = 'UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL';

/** Inputs that say how the scan runs and what it writes, not what it leaves out. */
const HARMLESS: ReadonlySet<string> = new Set([
  'version',
  'format',
  'template',
  'output',
  'limit-severities-for-sarif',
  'hide-progress',
  'list-all-pkgs',
  'cache',
  'cache-dir',
  'timeout',
  'github-pat',
  'token-setup-trivy',
  'skip-setup-trivy',
]);

interface Rule {
  readonly holds: (value: string, image: ImageEntry) => boolean;
  readonly allowed: (image: ImageEntry) => string;
  /** What the scanner takes where the step does not say. */
  readonly usual: string;
}

const all = (text: string): readonly string[] => text.split(',').map((one) => one.trim());

/**
 * Inputs that decide what is found, and whether a finding fails the step.
 *
 * @see https://github.com/aquasecurity/trivy-action#inputs
 */
const RULES: Readonly<Record<string, Rule>> = {
  'scan-type': { holds: (value) => value === 'image', allowed: () => 'image', usual: 'image' },
  severity: {
    holds: (value, { scan }) => scan.severities.every((one) => all(value).includes(one)),
    allowed: ({ scan }) => `at least ${scan.severities.join(',')}`,
    usual: EVERY_SEVERITY,
  },
  'exit-code': {
    holds: (value, { scan }) => !scan.blocks || /^[1-9]\d*$/.test(value),
    allowed: () => "'1': a finding stops the delivery",
    usual: '0',
  },
  'ignore-unfixed': { holds: (value) => value === 'false', allowed: () => 'false', usual: 'false' },
  scanners: {
    holds: (value) => all(value).includes('vuln'),
    allowed: () => 'vuln, with others or without',
    usual: 'vuln,secret',
  },
  'vuln-type': {
    holds: (value) => ['os', 'library'].every((one) => all(value).includes(one)),
    allowed: () => 'os,library',
    usual: 'os,library',
  },
};

/** Steps that scan, whatever they scan. */
const scanSteps = ({ steps }: Job): readonly Step[] =>
  steps.filter((step) => step.uses?.action.toLowerCase() === SCANNER && !LISTS.test(step.with.format ?? ''));

/** Steps that scan, and do not say that they scan another image of the manifest. */
export const scanStepsOf = (job: Job, { id }: ImageEntry, images: readonly ImageEntry[]): readonly Step[] =>
  scanSteps(job).filter(({ with: { 'image-ref': named = '' } }) => {
    const image = images.find(({ repository: { uri } }) =>
      ['@', ':'].some((end) => named.startsWith(`${uri}${end}`)),
    );
    return image === undefined || image.id === id;
  });

/** Ways in which a scan would let pass what the manifest says must stop the delivery. */
export function scanFaults(workflow: Workflow, job: Job, step: Step, image: ImageEntry): readonly Fault[] {
  const place = placeOf(workflow, job, step);
  const fault = (value: string, allowed: string, change: string): Fault => ({
    place,
    value,
    allowed,
    change,
  });
  const weak = Object.entries(RULES).flatMap(([input, { holds, allowed, usual }]) => {
    const value = step.with[input] ?? usual;
    if (holds(value, image)) return [];
    const said = step.with[input] === undefined ? `no ${input}, so ${value}` : `${input}: ${value}`;
    return [
      fault(
        said,
        `${input}: ${allowed(image)}`,
        `write what the manifest says of ${image.id}, or run \`npx projen\``,
      ),
    ];
  });
  const others = Object.keys(step.with)
    .filter((input) => input !== 'image-ref' && !HARMLESS.has(input) && !Object.hasOwn(RULES, input))
    .filter((input) => step.with[input] !== '')
    .map((input) =>
      fault(
        `${input}: ${step.with[input] ?? ''}`,
        'a scan that leaves nothing out',
        `remove ${input}, or let the manifest say what may pass`,
      ),
    );
  return [
    ...builtImageFaults(workflow, image, place, step.with['image-ref'] ?? 'no image-ref'),
    ...weak,
    ...others,
    ...environmentFaults(workflow, job, step, place),
  ];
}

/** The scanner reads settings from variables and from files of the folder that it runs in. */
function environmentFaults(workflow: Workflow, job: Job, step: Step, place: string): readonly Fault[] {
  const named = Object.keys({ ...record(workflow.raw.env), ...job.env, ...step.env });
  const before = job.steps.slice(0, job.steps.indexOf(step));
  return [
    ...named
      .filter((name) => name.startsWith('TRIVY_'))
      .map((name) => ({
        place,
        value: name,
        allowed: 'settings of the scan in its inputs, where they can be read',
        change: `remove ${name} from \`env\``,
      })),
    ...before
      .filter(({ run = '' }) => /\.trivyignore|trivy\.ya?ml/.test(run))
      .map((one) => ({
        place: placeOf(workflow, job, one),
        value: (one.run ?? '').trim().split('\n')[0] ?? '',
        allowed: 'no file that tells the scan what to leave out',
        change: 'remove the step',
      })),
  ];
}
