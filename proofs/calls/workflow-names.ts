import type { DeployManifest, Fault } from '../../contract';
import type { Artefacts, Workflow } from '../artefacts';
import { SIGN_IN_ACTION } from './action-step';
import { PhysicalNames } from './arn-names';
import { arnFaults } from './manifest-names';
import { placeOf } from './step-calls';
import type { Checked } from './text';

const ARN = /\barn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:\d*:[^\s'"`\\,;)}\]]+/g;
const REPOSITORY =
  /\b(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9][a-z0-9._/-]*[a-z0-9])/g;
const TOKEN = /\$\{Token\[|<unresolved/;

/** Names in the workflow files that neither a template nor the manifest knows. */
export function workflowNames({ workflows, manifest, resources }: Artefacts): Checked {
  const physical = new PhysicalNames(resources);
  const places = new Set(resources.map(({ account, region }) => `${account} ${region}`));
  const environments = new Set(
    manifest.environments.flatMap(({ name, rollbackEnvironment }) => [name, rollbackEnvironment]),
  );
  const parts = workflows.flatMap((workflow) => [
    inText(workflow, physical),
    jobEnvironments(workflow, environments),
    signIns(workflow, places, manifest),
  ]);
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

/** ARNs and image repositories, wherever they stand. */
function inText({ file, text }: Workflow, physical: PhysicalNames): Checked {
  const findings: Fault[] = [];
  let checked = 0;
  text.split('\n').forEach((line, index) => {
    if (/^\s*#/.test(line)) return;
    const place = `${file}:${index + 1}`;
    for (const [arn] of line.matchAll(ARN)) {
      checked += 1;
      findings.push(...arnFaults(arn, place, physical));
    }
    for (const [uri, account = '', region = '', name = ''] of line.matchAll(REPOSITORY)) {
      checked += 1;
      if (physical.find('AWS::ECR::Repository', name, { account, region }).length > 0) continue;
      findings.push(
        fault(
          place,
          `image repository ${uri}`,
          'repositories that a stack makes',
          'name a repository of the platform',
        ),
      );
    }
    if (TOKEN.test(line))
      findings.push(fault(place, line.trim(), 'values that are known', 'run `npx projen` again'));
  });
  return { checked, findings };
}

function jobEnvironments({ file, jobs }: Workflow, environments: ReadonlySet<string>): Checked {
  const named = jobs.filter(({ environment }) => environment !== undefined);
  const findings = named
    .filter(({ environment = '' }) => !environments.has(environment))
    .map(({ id, line, environment = '' }) =>
      fault(
        `${file}:${line} ${id}`,
        `environment ${environment}`,
        [...environments].join(', '),
        'name an environment of the platform file',
      ),
    );
  return { checked: named.length, findings };
}

/** Account and region of each sign-in: they must be those of a stack, and of the role. */
function signIns(workflow: Workflow, places: ReadonlySet<string>, manifest: DeployManifest): Checked {
  const findings: Fault[] = [];
  let checked = 0;
  for (const job of workflow.jobs) {
    for (const step of job.steps.filter(({ uses }) => uses?.action === SIGN_IN_ACTION)) {
      const place = placeOf(workflow, job, step);
      const account = step.with['role-to-assume']?.split(':')[4] ?? '';
      const region = step.with['aws-region'] ?? '';
      const accounts = step.with['allowed-account-ids'];
      checked += 2;
      if (!places.has(`${account} ${region}`)) {
        const allowed = [...places].map((each) => each.replace(' ', ' in ')).join(', ');
        findings.push(
          fault(
            place,
            `account ${account || 'unknown'} in ${region || 'no region'}`,
            allowed,
            'name the region that the stacks of the account lie in',
          ),
        );
      }
      if (accounts !== undefined && accounts !== account) {
        findings.push(
          fault(place, `allowed-account-ids ${accounts}`, account, 'name the account of the role'),
        );
      }
      const entry = manifest.roles.find(({ arn }) => arn === step.with['role-to-assume']);
      if (!entry) {
        findings.push(
          fault(
            place,
            `role ${step.with['role-to-assume'] ?? 'unknown'}`,
            'a role that the manifest lists',
            'assume one of the platform’s roles',
          ),
        );
      }
    }
  }
  return { checked, findings };
}

const fault = (place: string, value: string, allowed: string, change: string): Fault => ({
  place,
  value,
  allowed,
  change,
});
