import type { Fault } from '../../contract';
import type { Workflow } from '../artefacts';
import { env, input, job, matrix, need, secret, step, type Wrong } from './context-rules';
import type { Declarations } from './declarations';
import type { Occurring } from './expressions-in';

/** Names of the `github` context. @see https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context */
const GITHUB = new Set(
  'action action_path action_ref action_repository action_status actor actor_id api_url base_ref env event event_name event_path graphql_url head_ref job job_workflow_sha path ref ref_name ref_protected ref_type repository repository_id repository_owner repository_owner_id repositoryurl retention_days run_attempt run_id run_number secret_source server_url sha token triggering_actor workflow workflow_ref workflow_sha workspace'.split(
    ' ',
  ),
);

/** Each name that an expression reads and that nobody declared or provides. */
export function readFaults(workflow: Workflow, declared: Declarations, one: Occurring): readonly Fault[] {
  const { parsed, place, field, text } = one;
  // A faulty condition is reported with the conditions.
  if ('fault' in parsed) {
    if (field === 'if') return [];
    const allowed = 'an expression that GitHub can read';
    return [
      {
        place: `${place} ${field}`,
        value: `${text}: ${parsed.fault}`,
        allowed,
        change: 'mend the expression',
      },
    ];
  }
  const dynamic = parsed.dynamic
    ? [
        {
          place: `${place} ${field}`,
          value: text,
          allowed: 'names that stand in the file: a member chosen by a value cannot be followed',
          change: 'name the member, or choose among named ones with a condition',
        },
      ]
    : [];
  const wrong = parsed.reads.flatMap((path) => {
    const found = wrongWith(path, workflow, declared, one);
    return found ? [{ place: `${place} ${field}`, value: path.join('.'), ...found }] : [];
  });
  return [...dynamic, ...wrong];
}

function wrongWith(
  path: readonly string[],
  workflow: Workflow,
  declared: Declarations,
  one: Occurring,
): Wrong | undefined {
  const [context = '', name = ''] = path;
  switch (context) {
    case 'secrets':
      return secret(name, declared);
    case 'vars':
      return {
        allowed: 'no variable: the platform provides none',
        change: 'write the value into the platform file',
      };
    case 'inputs':
      return input(name, declared);
    case 'github':
      if (name === 'event' && path[2] === 'inputs') return input(path[3] ?? '', declared);
      return GITHUB.has(name.toLowerCase())
        ? undefined
        : { allowed: 'a name of the github context', change: 'correct the name' };
    case 'needs':
      return need(path, workflow, one);
    case 'jobs':
      return job(path, workflow);
    case 'steps':
      return step(path, one);
    case 'env':
      return env(name, declared, one);
    case 'matrix':
      return matrix(name, one);
    default:
      return undefined;
  }
}
