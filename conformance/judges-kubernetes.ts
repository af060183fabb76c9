import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Judge, readReport } from './judge';

const ALL_GOOD = 10;

const scoreReport = z
  .array(
    z.object({
      object_name: z.string(),
      type_meta: z.object({ kind: z.string() }),
      object_meta: z.object({ name: z.string() }),
      checks: z.array(
        z.object({
          check: z.object({ id: z.string(), name: z.string() }),
          grade: z.number(),
          skipped: z.boolean(),
          comments: z.array(z.object({ path: z.string(), summary: z.string() })).nullable(),
        }),
      ),
    }),
  )
  .min(1);

const skipsSchema = z.array(
  z.strictObject({
    check: z.string().regex(/^[a-z0-9-]+$/),
    /** Pattern of `<Kind>/<name>`, as narrow as it can be: other objects stay judged. */
    object: z.string().min(5),
    /** What protects instead, or why the check does not apply. */
    reason: z.string().min(20),
  }),
);

/** Kubernetes version of the pinned K3s, which decides what counts as deprecated. */
const KUBERNETES_VERSION = 'v1.35';

const OPTIONS = [
  ...['--output-format', 'json', '--kubernetes-version', KUBERNETES_VERSION],
  // A limit would slow a container down while the node has nothing else to do; requests share the CPU out.
  '--ignore-container-cpu-limit',
];

/** @see https://github.com/zegl/kube-score/blob/master/README_CHECKS.md */
const kubeScore: Judge = {
  name: 'kube-score',
  part: 'kube-score',
  reads: (subjects) => subjects.clusters,
  judge: async (folders, bench) => {
    const skips = readSkips(bench.root);
    const findings: string[] = [];
    // One folder at a time: objects of the same name in two clusters would be taken for one another.
    for (const folder of folders) {
      const outcome = await bench.run('kube-score', ['score', ...OPTIONS, ...manifests(bench.root, folder)]);
      const report = scoreReport.parse(readReport(outcome, (code) => code === 0 || code === 1));
      findings.push(...report.flatMap((object) => faultsOf(folder, object, skips)));
    }
    return findings;
  },
};

export const KUBERNETES_JUDGES: readonly Judge[] = [kubeScore];

function faultsOf(
  folder: string,
  {
    object_name: object,
    type_meta: { kind },
    object_meta: { name },
    checks,
  }: z.infer<typeof scoreReport>[number],
  skips: readonly Skip[],
): readonly string[] {
  return checks
    .filter(({ grade, skipped }) => !skipped && grade < ALL_GOOD)
    .filter(
      ({ check: { id } }) =>
        !skips.some(({ check, pattern }) => check === id && pattern.test(`${kind}/${name}`)),
    )
    .map(({ check, comments }) => {
      const said = (comments ?? []).map(({ path, summary }) =>
        path === '' ? summary : `${path}: ${summary}`,
      );
      return `${folder} ${object} [${check.id}] ${said.join('; ') || check.name}`;
    });
}

const manifests = (root: string, folder: string): readonly string[] =>
  readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** A reviewed exception. Its reason stands in the file; a check is never skipped in the manifests themselves. */
interface Skip {
  readonly check: string;
  readonly pattern: RegExp;
}

function readSkips(root: string): readonly Skip[] {
  const text = readFileSync(join(root, 'conformance/kube-score-skips.json'), 'utf8');
  return skipsSchema
    .parse(JSON.parse(text))
    .map(({ check, object }) => ({ check, pattern: new RegExp(`^(?:${object})$`) }));
}
