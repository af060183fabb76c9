import type { Fault } from '../../contract';
import { ACTION_PINS, type ActionPin, INCIDENTS } from '../../workflows/pins/pins';
import type { Job, Step } from '../artefacts';

/**
 * Input by which an action is told to download nothing and to use what is there already.
 *
 * @see https://github.com/aquasecurity/trivy-action#skip-setup-calling-trivy-action-multiple-times
 */
const SKIPS_DOWNLOADS: Readonly<Record<string, string>> = { 'aquasecurity/trivy-action': 'skip-setup-trivy' };

/** Inputs that the action does not have, those that it needs, and versions of the tools that it downloads. */
export function inputFaults(place: string, job: Job, step: Step): readonly Fault[] {
  const action = step.uses?.action ?? '';
  const pin = Object.hasOwn(ACTION_PINS, action) ? ACTION_PINS[action] : undefined;
  if (!pin) return [];
  const unknown = Object.keys(step.with)
    .filter((name) => !pin.inputs.includes(name))
    .map((name) => ({
      place,
      value: `input ${name}`,
      allowed: `inputs of ${action} ${pin.version}: ${pin.inputs.join(', ')}`,
      change: `remove ${name} or use the input that is meant`,
    }));
  const missing = pin.requiredInputs
    .filter((name) => !Object.hasOwn(step.with, name))
    .map((name) => ({
      place,
      value: `no input ${name}`,
      allowed: 'a value, for the action has no default',
      change: `give ${name}`,
    }));
  return [
    ...unknown,
    ...missing,
    ...toolFaults(place, job, step, pin),
    ...compromisedTools(place, step, pin),
  ];
}

function toolFaults(place: string, job: Job, step: Step, { downloads }: ActionPin): Fault[] {
  const action = step.uses?.action ?? '';
  const switchName = SKIPS_DOWNLOADS[action];
  if (switchName !== undefined && step.with[switchName] === 'true') {
    const installed = job.steps
      .slice(0, job.steps.indexOf(step))
      .some((earlier) => earlier.uses?.action === action && earlier.with[switchName] !== 'true');
    if (installed) return [];
    return [
      {
        place,
        value: `${switchName}: true, and no step before it installs anything`,
        allowed: `a step with ${action} before it in the job, without ${switchName}`,
        change: `remove ${switchName} and name the version`,
      },
    ];
  }
  return downloads
    .filter(({ input, value }) => step.with[input] !== value)
    .map(({ tool, input, value, reason }) => ({
      place,
      value: `${tool}: ${step.with[input] === undefined ? `no ${input}` : `${input}: ${step.with[input]}`}`,
      allowed: `${input}: ${value} (${reason})`,
      change: `set ${input} to ${value}: the commit of the action does not pin what it downloads`,
    }));
}

const compromisedTools = (place: string, step: Step, { downloads }: ActionPin): Fault[] =>
  INCIDENTS.tools.flatMap(({ tool, versions, source }) =>
    downloads
      .filter((download) => download.tool === tool && versions.includes(step.with[download.input] ?? ''))
      .map(({ input }) => ({
        place,
        value: `${tool} ${step.with[input] ?? ''}`,
        allowed: `any version but ${versions.join(', ')} (${source})`,
        change: `set ${input} to another version`,
      })),
  );
