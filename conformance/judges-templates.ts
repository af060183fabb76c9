import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Judge, readReport } from './judge';

const cfnLintReport = z.array(
  z.object({
    Filename: z.string(),
    Level: z.string(),
    Message: z.string(),
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Start: z.object({ LineNumber: z.number() }) }),
  }),
);

const checkovReport = z.object({
  results: z.object({
    failed_checks: z.array(
      z.object({ check_id: z.string(), check_name: z.string(), file_path: z.string(), resource: z.string() }),
    ),
  }),
  summary: z.object({ parsing_errors: z.number(), resource_count: z.number() }),
});

const skipsSchema = z.array(
  z.strictObject({
    check: z.string().regex(/^CKV2?_[A-Z0-9]+_\d+$/),
    /** Pattern of `type.logicalId`, as narrow as it can be: other resources stay judged. */
    resource: z.string().min(10),
    /** What protects instead, or why the check does not apply. */
    reason: z.string().min(20),
  }),
);

/** Exit code bits: 2 error, 4 warning, 8 information. @see https://github.com/aws-cloudformation/cfn-lint#exit-codes */
const cfnLint: Judge = {
  name: 'cfn-lint',
  part: 'python',
  reads: (subjects) => subjects.templates,
  blocked: (subjects) => subjects.synthFailure,
  judge: async (files, bench) => {
    const outcome = await bench.run('cfn-lint', [
      '--format',
      'json',
      ...files.flatMap((file) => ['--template', file]),
    ]);
    return cfnLintReport
      .parse(readReport(outcome, (code) => code === 0 || (code >= 2 && code <= 14 && code % 2 === 0)))
      .map(
        (finding) =>
          `${finding.Filename}:${finding.Location.Start.LineNumber} [${finding.Rule.Id}] ${finding.Message}`,
      );
  },
};

/** @see https://www.checkov.io/2.Basics/CLI%20Command%20Reference.html */
const checkov: Judge = {
  name: 'checkov',
  part: 'python',
  reads: (subjects) => subjects.templates,
  blocked: (subjects) => subjects.synthFailure,
  judge: async (files, bench) => {
    const skips = readSkips(bench.root);
    const args = [
      '--framework',
      'cloudformation',
      '--output',
      'json',
      '--quiet',
      '--compact',
      '--skip-download',
    ];
    const outcome = await bench.run('checkov', [...args, ...files.flatMap((file) => ['--file', file])]);
    const report = checkovReport.parse(readReport(outcome, (code) => code === 0 || code === 1));
    if (report.summary.parsing_errors > 0 || report.summary.resource_count === 0) {
      throw new Error(
        `${report.summary.parsing_errors} templates unread, ${report.summary.resource_count} resources read`,
      );
    }
    const judged = report.results.failed_checks.filter(
      (check) => !skips.some((skip) => skip.check === check.check_id && skip.pattern.test(check.resource)),
    );
    return judged.map(
      (check) => `${check.file_path} ${check.resource} [${check.check_id}] ${check.check_name}`,
    );
  },
};

export const TEMPLATE_JUDGES: readonly Judge[] = [cfnLint, checkov];

/** A reviewed exception. Its reason stands in the file; a check is never skipped in the templates themselves. */
interface Skip {
  readonly check: string;
  readonly pattern: RegExp;
}

function readSkips(root: string): readonly Skip[] {
  const file = join(root, 'conformance/checkov-skips.json');
  return skipsSchema
    .parse(JSON.parse(readFileSync(file, 'utf8')))
    .map((skip) => ({ check: skip.check, pattern: new RegExp(skip.resource) }));
}
