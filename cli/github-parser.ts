import { githubWorkflowParser } from '../proofs/github/load';
import type { FileFinding, Judge } from './judge';

/**
 * GitHub's own parser: what it refuses, GitHub does not run.
 *
 * @see https://github.com/actions/languageservices/tree/main/workflow-parser
 */
export const githubParser: Judge = {
  name: "GitHub's parser",
  installed: () => true,
  judge: (workflows) =>
    // It reads YAML with the package that we read it with, so errors of the YAML would be said twice.
    Promise.all(workflows.map(({ text, errors }) => (errors.length > 0 ? [] : findingsOf(text)))),
};

async function findingsOf(content: string): Promise<readonly FileFinding[]> {
  const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = githubWorkflowParser();
  const { context, value } = parseWorkflow({ name: 'workflow', content }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return context.errors.getErrors().map(({ rawMessage, range }) => ({
    line: range?.start.line ?? 1,
    code: 'github',
    message: rawMessage,
    change: 'see https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax',
  }));
}
