import type { FileFinding, Judge } from '../../cli/judge';
import { validate, type ValidationReport } from '../../cli/validate';
import { type Sources, sources } from '../proofs/sample';

/** What is found in the sample after an edit of its files; without the linters, which have tests below. */
export function afterEdit(
  edit: (sample: Sources) => void,
  judges: readonly Judge[] = [],
): Promise<ValidationReport> {
  const sample = sources();
  const emitted = sample.workflows;
  edit(sample);
  return validate({ emitted, onDisk: sample.workflows, sources: sample, judges });
}

/** Adds a file to those on disk. */
export const add = (sample: Sources, text: string, file: string) => {
  sample.workflows = [...sample.workflows, { file, text }];
};

/** What is found in one file. */
export const findingsIn = ({ files }: ValidationReport, file: string): readonly FileFinding[] =>
  files.find((one) => one.file === file)?.findings ?? [];

/** The same as `line code`. */
export const placesIn = (report: ValidationReport, file: string): readonly string[] =>
  findingsIn(report, file).map(({ line, code }) => `${line} ${code}`);

/** A workflow that others wrote, with one job; its first step stands in line 8. */
export const jobs = (steps: string): string =>
  `on: push\npermissions: {}\njobs:\n  one:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n${steps}`;
