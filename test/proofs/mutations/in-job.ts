import type { Sources } from '../sample';

/**
 * Replaces text within one job of a workflow file.
 *
 * @param file end of its path
 * @param from without groups; empty for the whole job
 * @param to replacement
 * @throws Error unless the text stands exactly once in that job
 */
export function inJob(sample: Sources, file: string, job: string, from: string | RegExp, to: string): void {
  const workflow = sample.workflows.find((candidate) => candidate.file.endsWith(file));
  if (!workflow) throw new Error(`no workflow file ends with ${file}`);
  const start = workflow.text.indexOf(`\n  ${job}:\n`) + 1;
  if (start === 0) throw new Error(`no job ${job} in ${workflow.file}`);
  const rest = workflow.text.slice(start);
  const length = /\n {2}\S/.exec(rest.slice(3))?.index;
  const block = length === undefined ? rest : rest.slice(0, length + 4);
  const pieces = from === '' ? 1 : block.split(from).length - 1;
  if (pieces !== 1) throw new Error(`${String(from)} stands ${pieces} times in ${job} of ${workflow.file}`);
  const changed = from === '' ? to : block.replace(from, () => to);
  const text = workflow.text.slice(0, start) + changed + workflow.text.slice(start + block.length);
  sample.workflows = sample.workflows.map((other) => (other === workflow ? { ...other, text } : other));
}
