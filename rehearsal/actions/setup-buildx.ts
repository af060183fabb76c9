import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionRun } from '../github/action-stand-in';
import { type ProgramBehaviour, writeProgramStandIns } from '../programs';
import type { ActionDefinition } from './definition';

/** @see https://github.com/docker/setup-buildx-action#usage */
export function setupBuildx(behaviour: ProgramBehaviour): ActionDefinition {
  return {
    action: 'docker/setup-buildx-action',
    limits: 'Starts no builder: it notes that there is one. docker only says what would have run.',
    seconds: 8,
    defaults: {
      driver: 'docker-container',
      'buildkitd-flags':
        '--allow-insecure-entitlement security.insecure --allow-insecure-entitlement network.host',
      use: 'true',
      'cache-binary': 'true',
      cleanup: 'true',
      'keep-state': 'false',
    },
    supports: [
      ...['version', 'driver', 'driver-opts', 'buildkitd-flags', 'cache-binary', 'cleanup', 'keep-state'],
      ...['platforms', 'name'],
    ],
    act: (step, inputs) => {
      const name = inputs.text('name') || 'builder-rehearsal';
      const driver = inputs.text('driver');
      writeFileSync(fileOf(step), driver);
      const folder = join(step.temp, 'set-up-docker');
      writeProgramStandIns(folder, ['docker'], behaviour);
      step.addPath(folder);
      step.log(
        `Buildx ${inputs.text('version') || 'of the runner'}, builder ${name} with the driver ${driver}`,
      );
      step.output('name', name);
      step.output('driver', driver);
      step.output('platforms', inputs.text('platforms') || 'linux/amd64');
      step.output(
        'nodes',
        JSON.stringify([{ name: `${name}0`, 'driver-opts': inputs.lines('driver-opts') }]),
      );
    },
  };
}

/** Whether an earlier step of the job has set up a builder that can export caches and several platforms. */
export const hasBuilder = (step: ActionRun): boolean => existsSync(fileOf(step));

const fileOf = ({ temp }: ActionRun): string => join(temp, 'buildx-driver');
