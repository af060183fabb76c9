import type { YAMLMap } from 'yaml';
import type { InputValue, Step } from '../plan/model';
import { pin } from '../pins/pins';
import { commandLine } from '../steps/command';
import { mapping, plainMapping, scalar } from './nodes';

/** One step, its keys in GitHub's order. */
export function stepNode(step: Step): YAMLMap {
  const node = mapping([
    ['name', step.name],
    ['id', step.id],
    ['if', step.condition],
    ...(step.kind === 'uses' ? usesEntries(step) : []),
    ['env', plainMapping(step.env)],
    ...(step.kind === 'run' ? ([['working-directory', step.workingDirectory]] as const) : []),
    ['run', script(step)],
  ]);
  if (step.reason) node.commentBefore = ` ${step.reason}`;
  return node;
}

function usesEntries(step: Extract<Step, { kind: 'uses' }>) {
  const { sha, version } = pin(step.uses);
  const inputs = Object.entries(step.with).map(([name, value]) => [name, input(value)] as const);
  return [
    ['uses', scalar(`${step.uses}@${sha}`, version)],
    ['with', inputs.length > 0 ? mapping(inputs) : undefined],
  ] as const;
}

function input(value: InputValue) {
  return typeof value === 'object' ? scalar(value.value, value.remark) : scalar(value);
}

/** What bash runs in this step; nothing for a step that uses an action. */
export function script(step: Step): string | undefined {
  switch (step.kind) {
    case 'uses':
      return undefined;
    case 'run':
      return step.run;
    case 'command':
      return commandLine(step.command);
  }
}
