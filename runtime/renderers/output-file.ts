/**
 * One step output in the form of the `GITHUB_OUTPUT` file. The delimiter is one that the value does
 * not contain, so that no value can start another output.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
export function outputEntry(name: string, value: string): string {
  let delimiter = 'LOCKSTEP_END';
  while (value.includes(delimiter)) delimiter += '_';
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
