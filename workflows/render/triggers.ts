import type { YAMLMap } from 'yaml';
import type { DispatchInput, PushTrigger, Triggers } from '../plan/model';
import { list, mapping } from './nodes';

/** The `on` of a workflow. */
export function triggersNode({ push, pullRequest, schedule, dispatch }: Triggers): YAMLMap {
  return mapping([
    ['push', push && pushNode(push)],
    ['pull_request', pullRequest && mapping([['branches', list(pullRequest.branches)]])],
    ['schedule', schedule === undefined ? undefined : list([mapping([['cron', schedule]])])],
    ['workflow_dispatch', dispatch && dispatchNode(dispatch.inputs)],
  ]);
}

function pushNode({ branches, tags = [], paths = [] }: PushTrigger): YAMLMap {
  return mapping([
    ['branches', list(branches)],
    ['tags', tags.length > 0 ? list(tags) : undefined],
    ['paths', paths.length > 0 ? list(paths) : undefined],
  ]);
}

function dispatchNode(inputs: Readonly<Record<string, DispatchInput>>): YAMLMap {
  return mapping([['inputs', Object.keys(inputs).length > 0 ? inputsNode(inputs) : undefined]]);
}

function inputsNode(inputs: Readonly<Record<string, DispatchInput>>): YAMLMap {
  return mapping(
    Object.entries(inputs).map(([name, input]) => [
      name,
      mapping([
        ['description', input.description],
        ['type', input.type],
        ['required', input.type === 'choice'],
        ['default', input.type === 'choice' ? input.default : undefined],
        ['options', input.type === 'choice' ? list(input.options) : undefined],
      ]),
    ]),
  );
}
