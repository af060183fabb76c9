import { z } from 'zod';
import { matching, relativePath, whole } from './fields';

/** The form of the tests of a workload with one image: of Python or of Node.js. */

/** Ids as pip-audit takes them. @see https://pypi.org/project/pip-audit/ */
const vulnerability = matching(
  /^(CVE|GHSA|PYSEC)-[A-Za-z0-9-]+$/,
  'the id of a vulnerability, such as GHSA-xxxx-xxxx-xxxx',
);

const checksSchema = z.strictObject({
  coverage: whole(0, 100).optional(),
  audit: z.array(relativePath).min(1).optional(),
  exceptedVulnerabilities: z.array(vulnerability).optional(),
  securityBaseline: relativePath.optional(),
});

const fields = z.strictObject({
  python: matching(/^3\.\d{1,2}$/, 'a Python version in quotes, such as 3.11').optional(),
  node: matching(
    /^[1-9]\d(\.\d{1,2}){0,2}$/,
    'a version of Node.js from 10 on in quotes, such as 22',
  ).optional(),
  requirements: z.array(relativePath).min(1).optional(),
  checks: checksSchema.optional(),
  scripts: z
    .array(matching(/^[a-z][a-z0-9:-]*$/, 'the name of a script of package.json'))
    .min(1, 'at least one script')
    .optional(),
});

/** One of the languages, with what belongs to it. */
export const testsSchema = fields.transform(({ python, node, requirements, checks, scripts }, context) => {
  const foreign = node === undefined ? { scripts } : { requirements, checks };
  for (const [field, value] of Object.entries(foreign)) {
    if (value === undefined) continue;
    const language = node === undefined ? 'node' : 'python';
    context.addIssue({
      code: 'custom',
      path: [field],
      message: `nothing: it belongs to tests of ${language}`,
    });
  }
  if (node !== undefined && python === undefined) return { language: 'node' as const, node, scripts };
  if (python !== undefined && node === undefined)
    return { language: 'python' as const, python, requirements, checks };
  context.addIssue({ code: 'custom', message: "one of python and node, such as { node: '22' }" });
  return z.NEVER;
});
