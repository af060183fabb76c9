import { isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar, type YAMLMap } from 'yaml';

/** A shell script that stands in a workflow file. */
export interface Script {
  /** Name of its step. */
  readonly step: string;
  readonly text: string;
  /** Line of the file at which a line of the script stands. Both count from 1. */
  lineInFile(line: number): number;
}

/**
 * The scripts of a workflow that bash runs. Steps with another shell are left out.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
export function bashScripts(text: string): readonly Script[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const root = document.contents;
  if (!isMap(root)) return [];
  const jobs = root.get('jobs', true);
  if (!isMap(jobs)) return [];
  return jobs.items.flatMap(({ value: job }) => {
    const steps = isMap(job) ? job.get('steps', true) : undefined;
    if (!isMap(job) || !isSeq(steps)) return [];
    return steps.items.filter(isMap).flatMap((step): Script[] => {
      const run = step.get('run', true);
      if (!isScalar(run) || typeof run.value !== 'string') return [];
      const shell = step.get('shell') ?? defaultShell(job) ?? defaultShell(root) ?? 'bash';
      if (!/^(ba)?sh\b/.test(String(shell))) return [];
      const first = lines.linePos(run.range?.[0] ?? 0).line;
      const isLiteral = run.type === Scalar.BLOCK_LITERAL;
      return [
        {
          step: String(step.get('name') ?? 'step without name'),
          text: run.value,
          // The lines of a literal block follow its `|`; the other forms fold lines, or have one.
          lineInFile: (line) => (isLiteral ? first + line : first),
        },
      ];
    });
  });
}

const defaultShell = (part: YAMLMap): unknown => part.getIn(['defaults', 'run', 'shell']);
