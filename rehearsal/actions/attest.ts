import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import { messageOf } from '../message-of';
import { type ActionDefinition, notRehearsed } from './definition';
import type { Inputs } from './inputs';
import { mayAskForToken, oidcToken } from './oidc-token';
import { permits } from './permissions';

const ACTION = 'actions/attest';

/** @see https://github.com/actions/attest#usage */
export function attest(): ActionDefinition {
  let last = 0;
  return {
    action: ACTION,
    limits:
      'Signs nothing and stores nothing. The bundle holds subject and type only. Subjects are named by digest.',
    seconds: 5,
    defaults: { 'push-to-registry': 'false', 'create-storage-record': 'true', 'show-summary': 'true' },
    supports: [
      ...['subject-name', 'subject-digest', 'push-to-registry', 'create-storage-record', 'sbom-path'],
      ...['show-summary', 'github-token', 'predicate-type', 'predicate', 'predicate-path'],
    ],
    act: async (step, inputs) => {
      if (!mayAskForToken(step)) {
        throw new ActionFailure(
          'missing "id-token" permission. Please add "permissions: id-token: write" to your workflow.',
        );
      }
      const subject = subjectOf(inputs);
      const type = predicateType(step, inputs);
      if (inputs.flag('push-to-registry')) throw notRehearsed(ACTION, 'push-to-registry');
      await oidcToken(step, 'sigstore').catch((error: unknown) => {
        throw new ActionFailure(messageOf(error));
      });
      refuseWithoutPermission(step);
      last += 1;
      step.log(`Attestation created for ${subject.name}@${subject.digest}`);
      handOut(step, last, JSON.stringify({ subject, predicateType: type }), inputs.flag('show-summary'));
    },
  };
}

interface Subject {
  readonly name: string;
  readonly digest: string;
}

function subjectOf(inputs: Inputs): Subject {
  const digest = inputs.text('subject-digest');
  if (digest === '') {
    throw new ActionFailure('One of subject-path, subject-digest, or subject-checksums must be provided');
  }
  const name = inputs.text('subject-name');
  if (name === '') throw new ActionFailure('subject-name must be provided when using subject-digest');
  if (!/^sha256:[A-Za-z0-9]{64}$/.test(digest)) {
    throw new ActionFailure('subject-digest must be in the format "sha256:<hex-digest>"');
  }
  return { name, digest };
}

/** Provenance, unless the step brings a bill of materials or a predicate of its own. */
function predicateType(step: ActionRun, inputs: Inputs): string {
  const sbom = inputs.text('sbom-path');
  const own = inputs.text('predicate-type');
  if (sbom !== '' && own !== '')
    throw new ActionFailure('Cannot specify both sbom-path and predicate inputs');
  if (sbom !== '') return sbomType(resolve(step.workspace, sbom), sbom);
  if (own === '') return 'https://slsa.dev/provenance/v1';
  if (inputs.text('predicate') === '' && inputs.text('predicate-path') === '') {
    throw new ActionFailure('One of predicate-path or predicate must be provided');
  }
  return own;
}

function sbomType(path: string, given: string): string {
  if (!existsSync(path)) throw new ActionFailure(`SBOM file not found: ${given}`);
  const sbom = parsed(path);
  if ('bomFormat' in sbom && sbom.bomFormat === 'CycloneDX') return 'https://cyclonedx.org/bom';
  if ('spdxVersion' in sbom) return 'https://spdx.dev/Document';
  throw new ActionFailure('Unsupported SBOM format. Must be SPDX or CycloneDX JSON');
}

function parsed(path: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    throw new ActionFailure(messageOf(error));
  }
}

function refuseWithoutPermission(step: ActionRun): void {
  if (permits(step, 'attestations', 'write')) return;
  throw new ActionFailure('Failed to persist attestation: Resource not accessible by integration');
}

function handOut(step: ActionRun, id: number, bundle: string, showSummary: boolean): void {
  const folder = join(step.temp, `attestation-${id}`);
  const path = join(folder, 'attestation.json');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${bundle}\n`);
  appendFileSync(join(step.temp, 'created_attestation_paths.txt'), `${path}\n`);
  const { owner, name } = step.run.repository;
  const url = `https://github.com/${owner}/${name}/attestations/${id}`;
  step.output('bundle-path', path);
  step.output('attestation-id', String(id));
  step.output('attestation-url', url);
  if (showSummary) step.summary(`### Attestation Created\n\n- [${url}](${url})\n`);
}
