import { z } from 'zod';
import { type Fault, LockstepError } from '../../contract';
import pinData from './action-pins.json';
import compromisedData from './compromised.json';

/** Name of an action among the reviewed pins, such as `actions/checkout`. */
export type ActionName = keyof typeof pinData;

const pinSchema = z.strictObject({
  /** Release that the commit belongs to. */
  version: z.string().regex(/^v\d+\.\d+\.\d+$/),
  /** Commit, never the object of an annotated tag. */
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  runtime: z.enum(['node24', 'composite']),
  committed: z.iso.date(),
  /** Why this release and not another one. */
  reason: z.string().min(1),
  inputs: z.array(z.string()).readonly(),
  /** Inputs without a default that a step must give. */
  requiredInputs: z.array(z.string()).readonly(),
  outputs: z.array(z.string()).readonly(),
  /** What the action downloads when it runs: a commit SHA does not pin that. */
  downloads: z
    .array(z.strictObject({ tool: z.string(), input: z.string(), value: z.string(), reason: z.string() }))
    .readonly()
    .default([]),
});

const incidentSchema = z.strictObject({
  /** Actions that are not used at all. */
  actions: z
    .array(z.strictObject({ action: z.string(), affected: z.string(), when: z.iso.date(), source: z.url() }))
    .readonly(),
  /** Commits, and objects of annotated tags, that are never pinned. */
  commits: z
    .array(z.strictObject({ action: z.string(), sha: z.string(), why: z.string(), source: z.url() }))
    .readonly(),
  tools: z
    .array(z.strictObject({ tool: z.string(), versions: z.array(z.string()).readonly(), source: z.url() }))
    .readonly(),
});

export type ActionPin = z.infer<typeof pinSchema>;
export type Incidents = z.infer<typeof incidentSchema>;

/** What is known to be compromised, with the source of each entry. */
export const INCIDENTS: Incidents = incidentSchema.parse(compromisedData);

/** The reviewed actions by name. */
export const ACTION_PINS: Readonly<Record<string, ActionPin>> = parsePins(pinData, INCIDENTS);

/**
 * Reads pins and refuses those that an incident touches.
 *
 * @throws LockstepError `CompromisedPin`
 */
export function parsePins(data: unknown, incidents: Incidents): Readonly<Record<string, ActionPin>> {
  const pins = z.record(z.string(), pinSchema).parse(data);
  const faults = Object.entries(pins).flatMap(([name, pin]) => faultsOf(name, pin, incidents));
  if (faults.length > 0) throw new LockstepError('CompromisedPin', faults);
  return pins;
}

/** @throws LockstepError `UnpinnedAction` */
export function pin(name: string): ActionPin {
  const found = Object.hasOwn(ACTION_PINS, name) ? ACTION_PINS[name] : undefined;
  if (found) return found;
  throw new LockstepError('UnpinnedAction', {
    place: 'uses',
    value: name,
    allowed: Object.keys(ACTION_PINS).join(', '),
    change: `review ${name} and add it to workflows/pins/action-pins.json`,
  });
}

function faultsOf(name: string, { sha, downloads }: ActionPin, incidents: Incidents): Fault[] {
  const place = `workflows/pins/action-pins.json ${name}`;
  const actions = incidents.actions
    .filter(({ action }) => name === action || name.startsWith(`${action}/`))
    .map(({ affected, source }) => ({
      place,
      value: name,
      allowed: `another action: ${affected} (${source})`,
      change: 'remove it',
    }));
  const commits = incidents.commits
    .filter((commit) => commit.sha === sha)
    .map(({ why, source }) => ({
      place: `${place} sha`,
      value: sha,
      allowed: `another commit: ${why} (${source})`,
      change: 'pin the commit of a reviewed release',
    }));
  const tools = downloads.flatMap(({ tool, value }) =>
    incidents.tools
      .filter((entry) => entry.tool === tool && entry.versions.includes(value))
      .map(({ versions, source }) => ({
        place: `${place} downloads ${tool}`,
        value,
        allowed: `any version but ${versions.join(', ')} (${source})`,
        change: 'pin a version from before or after the incident',
      })),
  );
  return [...actions, ...commits, ...tools];
}
