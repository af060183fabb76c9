import { ACTION_PINS, INCIDENTS } from '../workflows/pins/pins';
import type { Fault } from '../contract';
import type { Job, Step, Workflow } from './artefacts';
import { inputFaults } from './flow/action-inputs';
import { besideSessionFaults, fileVariableFaults, holdsSession } from './flow/beside-session';
import { checkoutFaults } from './flow/checked-out';
import { imageFaults, imagesOf } from './flow/images';
import { placeOf } from './flow/place';
import { documentScriptFaults } from './node/document-script';
import { nodeSetupFaults } from './node/setup';
import { verificationCodeFaults } from './service/verification';
import type { Proof } from './proof';

const SHA = /^[0-9a-f]{40}$/;

export const P12: Proof = {
  code: 'P12',
  name: 'pins',
  claim:
    'Each action, each tool that an action downloads and each image is a reviewed version, and none is known to be compromised; what a job with a session runs stands in the file or in the commit of the run, and the document of a node, and its instance at each start, run the one script each that was reviewed, and so does the function that verifies a service.',
  why: 'A tag can be moved to other code within seconds, and that code then runs with the session of the job; so does what a variable, another checkout or an image brings in.',
  reads: [
    '`uses`, inputs, images, variables and scripts of the workflows',
    'the reviewed pins and the list of incidents',
    'documents and user data of nodes and functions of services in the templates, and the checksums of the reviewed scripts',
  ],
  limits:
    'It trusts the review: that a commit belongs to its release was checked when the pin was written, and what a script does when its checksum was. Packages that scripts install are the affair of their lock files. Scripts are read by their words: a file whose name is put together when they run is not seen.',
  check: (artefacts) => {
    let checked = 0;
    const findings = artefacts.workflows.flatMap((workflow) => [
      ...fileVariableFaults(workflow),
      ...workflow.jobs.flatMap((job) => {
        const images = imagesOf(job);
        checked +=
          job.steps.filter(({ uses }) => uses).length +
          images.length +
          (holdsSession(workflow, job) ? job.steps.length : 0) +
          (job.uses === undefined ? 0 : 1);
        return [
          ...images.flatMap((image) => imageFaults(placeOf(workflow, job), image)),
          ...calledWorkflowFaults(workflow, job),
          ...besideSessionFaults(artefacts, workflow, job),
          ...job.steps.flatMap((step) => stepFaults(workflow, job, step)),
        ];
      }),
    ]);
    const documents = documentScriptFaults(artefacts);
    const setups = nodeSetupFaults(artefacts);
    const judges = verificationCodeFaults(artefacts);
    return {
      checked: checked + documents.checked + setups.checked + judges.checked,
      findings: [...findings, ...documents.findings, ...setups.findings, ...judges.findings],
    };
  },
};

function stepFaults(workflow: Workflow, job: Job, step: Step): Fault[] {
  const { uses } = step;
  if (!uses) return [];
  const place = placeOf(workflow, job, step).replace(/:\d+ /, `:${uses.line} `);
  if (uses.action.startsWith('docker://')) {
    const image = `${uses.action.slice('docker://'.length)}${uses.ref === '' ? '' : `@${uses.ref}`}`;
    return [...imageFaults(place, image)];
  }
  if (isLocal(uses.action)) return localFaults(place, uses.action);
  return [
    ...incidentFaults(place, uses.action, uses.ref),
    ...pinFaults(place, uses),
    ...inputFaults(place, job, step),
    ...checkoutFaults(place, step),
  ];
}

const isLocal = (uses: string): boolean => /^[./$]/.test(uses);

/** An action of the repository itself is as reviewed as the workflow; one from outside of it is not. */
function localFaults(place: string, path: string): Fault[] {
  const parts = path.split('/');
  if (path.startsWith('./') && !parts.includes('..')) return [];
  return [
    {
      place,
      value: path,
      allowed: 'a path below the root of this repository, such as ./.github/actions/name',
      change: 'move the action into the repository, or use a reviewed one',
    },
  ];
}

/** What the incidents say, whatever the pins say. */
function incidentFaults(place: string, action: string, ref: string): Fault[] {
  const actions = INCIDENTS.actions
    .filter((incident) => isSame(action, incident.action))
    .map(({ affected, when, source }) => ({
      place,
      value: action,
      allowed: `another action: it was compromised on ${when} (${affected}; ${source})`,
      change: 'remove the step',
    }));
  const commits = INCIDENTS.commits
    .filter(({ sha }) => sha === ref.toLowerCase())
    .map(({ why, source }) => ({
      place,
      value: `${action}@${ref}`,
      allowed: `another commit: this one ${why} (${source})`,
      change: 'use the commit of the reviewed pin',
    }));
  return [...actions, ...commits];
}

const isSame = (action: string, name: string): boolean =>
  `${action.toLowerCase()}/`.startsWith(`${name.toLowerCase()}/`);

function pinFaults(place: string, { action, ref, comment }: NonNullable<Step['uses']>): Fault[] {
  const pin = Object.hasOwn(ACTION_PINS, action) ? ACTION_PINS[action] : undefined;
  if (!pin) {
    return [
      {
        place,
        value: `${action}@${ref}`,
        allowed: `a reviewed action: ${Object.keys(ACTION_PINS).join(', ')}`,
        change: `review ${action} and add it to workflows/pins/action-pins.json`,
      },
    ];
  }
  if (ref !== pin.sha) {
    const value = SHA.test(ref)
      ? `the commit ${ref}`
      : ref === ''
        ? 'no version'
        : `${ref}, which can be moved`;
    return [
      {
        place,
        value: `${action} at ${value}`,
        allowed: `${action}@${pin.sha} # ${pin.version}`,
        change: 'use the reviewed commit, or review the other one and change the pin',
      },
    ];
  }
  if (comment === pin.version) return [];
  return [
    {
      place,
      value: comment === undefined ? 'no version behind the commit' : `# ${comment}`,
      allowed: `# ${pin.version}, the release of that commit`,
      change: `write # ${pin.version} behind it`,
    },
  ];
}

/** A workflow that a job calls runs with the permissions of that job. */
function calledWorkflowFaults(workflow: Workflow, job: Job): Fault[] {
  const { uses } = job;
  if (uses === undefined) return [];
  const place = placeOf(workflow, job);
  if (isLocal(uses)) return localFaults(place, uses);
  const [action = '', ref = ''] = uses.split('@');
  return [
    ...incidentFaults(place, action, ref),
    ...pinFaults(place, { action, ref, line: job.line }).filter(({ allowed }) => !allowed.startsWith('# ')),
  ];
}
