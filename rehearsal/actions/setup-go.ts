import type { ProgramBehaviour } from '../programs';
import type { ActionDefinition } from './definition';
import { setUp } from './setup-program';

/** @see https://github.com/actions/setup-go#usage */
export function setupGo(behaviour: ProgramBehaviour): ActionDefinition {
  return {
    action: 'actions/setup-go',
    limits: 'Installs no Go: go and gofmt only say what would have run. Nothing is cached.',
    seconds: 5,
    defaults: { 'check-latest': 'false', cache: 'true' },
    supports: ['go-version', 'go-version-file', 'cache', 'cache-dependency-path', 'token', 'check-latest'],
    act: (step, inputs) => {
      const go = { name: 'go', programs: ['go', 'gofmt'], lockFiles: ['go.mod'] };
      const { version } = setUp(step, inputs, go, behaviour);
      step.output('go-version', version);
      step.output('cache-hit', 'false');
    },
  };
}
