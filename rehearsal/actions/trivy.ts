import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import { messageOf } from '../message-of';
import { writeProgramStandIns } from '../programs';
import { endpointOf } from './aws-client';
import { type ActionDefinition, notRehearsed } from './definition';
import { loginOf } from './docker-config';
import { ecrLogins } from './ecr-token';
import { type ImageName, imageName, regionOf } from './image-name';
import type { Inputs } from './inputs';
import { RegistryClient, RegistryFault } from './registry-client';
import {
  cyclonedx,
  type Finding,
  sarif,
  type Scanned,
  SEVERITIES,
  type Severity,
  table,
} from './trivy-report';

const ACTION = 'aquasecurity/trivy-action';

const digestSchema = z.looseObject({ digest: z.string() });
const manifestSchema = z.union([
  z.looseObject({ config: digestSchema, layers: z.array(digestSchema) }),
  z.looseObject({ manifests: z.array(digestSchema).min(1) }),
]);

export interface TrivyOptions {
  /** What every scan finds. Read at each scan. */
  readonly findings: readonly Finding[];
}

/** @see https://github.com/aquasecurity/trivy-action#usage */
export function trivy(options: TrivyOptions): ActionDefinition {
  return {
    action: ACTION,
    limits:
      'Looks for nothing: findings are data of the rehearsal. Pulls the image from a private registry of ECR as ' +
      'Trivy does. Scans images only, and writes sarif, cyclonedx or table.',
    seconds: 40,
    defaults: {
      'scan-type': 'image',
      'scan-ref': '.',
      'ignore-unfixed': 'false',
      'vuln-type': 'os,library',
      severity: SEVERITIES.join(','),
      format: 'table',
      'list-all-pkgs': 'false',
      version: 'v0.70.0',
      cache: 'true',
      'skip-setup-trivy': 'false',
    },
    supports: [
      ...['version', 'image-ref', 'format', 'output', 'severity', 'limit-severities-for-sarif', 'exit-code'],
      ...['cache', 'skip-setup-trivy', 'timeout', 'hide-progress', 'token-setup-trivy', 'cache-dir'],
    ],
    act: async (step, inputs) => {
      setUp(step, inputs);
      const scanned = await pull(step, imageName(inputs.required('image-ref')));
      const found = filtered(step, inputs, options.findings);
      write(step, inputs, scanned, found);
      const code = Number(inputs.text('exit-code') || '0');
      if (found.length > 0 && code !== 0)
        throw new ActionFailure(`Process completed with exit code ${code}.`);
    },
  };
}

function setUp(step: ActionRun, inputs: Inputs): void {
  const folder = join(step.temp, 'set-up-trivy');
  if (inputs.text('skip-setup-trivy') === 'false') {
    writeProgramStandIns(folder, ['trivy']);
    step.addPath(folder);
    step.log(`Trivy ${inputs.text('version')} is set up`);
  } else if (!existsSync(join(folder, 'trivy'))) {
    step.log('entrypoint.sh: trivy: command not found');
    throw new ActionFailure('Process completed with exit code 127.');
  }
}

/** Reads manifest, config and layers, with a token of ECR that Trivy asks for by itself. */
async function pull(step: ActionRun, image: ImageName): Promise<Scanned> {
  try {
    const auth = loginOf(step, image.registry) ?? (await tokenFor(step, image));
    const registry = new RegistryClient(endpointOf(step, 'ECR'), image, auth);
    if (auth !== undefined) await registry.ping();
    const top = await registry.manifest(image.reference);
    const parsed = manifestSchema.parse(JSON.parse(top.bytes.toString('utf8')));
    const layers = await pullLayers(registry, parsed);
    return { image: image.text, digest: top.digest, layers };
  } catch (error) {
    if (!(error instanceof RegistryFault)) throw error;
    step.log(
      `FATAL Fatal error run error: image scan error: scan error: unable to initialize a scanner: unable to find the ` +
        `specified image "${image.text}" in ["docker" "containerd" "podman" "remote"]: remote error: ${error.message}`,
    );
    throw new ActionFailure('Process completed with exit code 1.');
  }
}

async function pullLayers(
  registry: RegistryClient,
  parsed: z.infer<typeof manifestSchema>,
): Promise<readonly string[]> {
  if (isIndex(parsed)) {
    const [first] = parsed.manifests;
    const child = await registry.manifest(first?.digest ?? '');
    return pullLayers(registry, manifestSchema.parse(JSON.parse(child.bytes.toString('utf8'))));
  }
  for (const { digest } of [parsed.config, ...parsed.layers]) await registry.blob(digest);
  return parsed.layers.map(({ digest }) => digest);
}

const isIndex = (
  parsed: z.infer<typeof manifestSchema>,
): parsed is { manifests: { digest: string }[] } & Record<string, unknown> => 'manifests' in parsed;

/** Without credentials, or when ECR refuses, Trivy goes on without a name and the registry turns it away. */
async function tokenFor(step: ActionRun, image: ImageName): Promise<string | undefined> {
  if (regionOf(image) === '') return undefined;
  try {
    const logins = await ecrLogins(step, [], regionOf(image));
    return logins[0]?.auth;
  } catch (error) {
    step.log(`WARN failed to get an ECR token: ${messageOf(error)}`);
    return undefined;
  }
}

/** With SARIF the severities count only when the step says so. */
function filtered(step: ActionRun, inputs: Inputs, findings: readonly Finding[]): readonly Finding[] {
  if (inputs.text('format') === 'cyclonedx') return [];
  if (inputs.text('format') === 'sarif' && inputs.text('limit-severities-for-sarif') !== 'true') {
    step.log('Building SARIF report with all severities');
    return findings;
  }
  const wanted = inputs.list('severity').map(severityOf);
  return findings.filter(({ severity }) => wanted.includes(severity));
}

function severityOf(text: string): Severity {
  const found = SEVERITIES.find((severity) => severity === text);
  if (found !== undefined) return found;
  throw new ActionFailure(`unknown severity option: ${text}, expected one of ${SEVERITIES.join(', ')}`);
}

function write(step: ActionRun, inputs: Inputs, scanned: Scanned, found: readonly Finding[]): void {
  const report = reportOf(inputs.text('format'), scanned, found, step.clock.now());
  const output = inputs.text('output');
  if (output === '') step.log(report);
  else writeFileSync(resolve(step.workspace, output), report);
}

function reportOf(format: string, scanned: Scanned, found: readonly Finding[], now: number): string {
  if (format === 'sarif') return sarif(scanned, found);
  if (format === 'cyclonedx') return cyclonedx(scanned, now);
  if (format === 'table') return table(scanned, found);
  throw notRehearsed(ACTION, `the format "${format}"`);
}
