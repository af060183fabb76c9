import { strangeRefs } from './context';
import { type Base, byClaims, type Stranger } from './stranger';

/** Jobs of other workflow files, and of the same file on a ref where anybody may have changed it. */
export function workflowFileStrangers(base: Base): readonly Stranger[] {
  const [, repository = '', path = '', ref = ''] =
    /^([^/]+\/[^/]+)\/(.*)@(.*)$/.exec(base.run.jobWorkflowRef) ?? [];
  const stranger = (name: string, reason: string, jobWorkflowRef: string | undefined): Stranger =>
    byClaims(base, 'workflow file', [name, reason], { job_workflow_ref: jobWorkflowRef }, 'job_workflow_ref');
  const added = 'whoever may push adds such a file';
  const changed = 'whoever may push changes the file there';
  const folder = path.slice(0, path.lastIndexOf('/'));
  return [
    ...base.files.map((file) =>
      stranger(`workflow ${file}`, 'it does other work', `${repository}/${file}@${ref}`),
    ),
    stranger('new workflow file', added, `${repository}/${folder}/evil.yml@${ref}`),
    stranger('file with a suffix', added, `${repository}/${path}.yml@${ref}`),
    stranger(
      'file with a prefix',
      added,
      `${repository}/${folder}/evil-${path.slice(folder.length + 1)}@${ref}`,
    ),
    stranger('file with the other extension', added, `${repository}/${otherExtension(path)}@${ref}`),
    stranger('file in capitals', added, `${repository}/${path.toUpperCase()}@${ref}`),
    stranger(
      'same file of a fork',
      'a reusable workflow of a stranger',
      `mallory/${fileOf(repository)}/${path}@${ref}`,
    ),
    stranger(
      'same file at a commit',
      'a commit of a fork is reachable too',
      `${repository}/${path}@${'a'.repeat(40)}`,
    ),
    stranger(
      'same file of a pull request',
      'anybody may open one',
      `${repository}/${path}@refs/pull/1/merge`,
    ),
    stranger('same file without ref', 'no form of GitHub', `${repository}/${path}`),
    stranger('no workflow file', 'no form of GitHub', undefined),
    ...strangeRefs(base).map(([how, other]) =>
      stranger(`same file on ${how}`, changed, `${repository}/${path}@${other}`),
    ),
  ];
}

const fileOf = (repository: string): string => repository.slice(repository.indexOf('/') + 1);

const otherExtension = (path: string): string =>
  path.endsWith('.yaml') ? path.replace(/yaml$/, 'yml') : path.replace(/yml$/, 'yaml');
