import type { DockerHubImage, Fault, ImageEntry } from '../../contract';
import type { Artefacts, Job, Step, Workflow } from '../artefacts';
import type { ProofResult } from '../proof';
import { buildsOf } from './image-build';
import { placeOf } from './place';

export const LOGIN = 'docker/login-action';

/**
 * Builds for Docker Hub log in there before they push, as the account of the image, with the secret that the manifest
 * names, and nobody else logs in.
 *
 * @see https://github.com/docker/login-action#docker-hub
 */
export function registryLoginFaults(artefacts: Artefacts): ProofResult {
  const images = artefacts.manifest.images.filter(isOnDockerHub);
  const jobs = artefacts.workflows.flatMap((workflow) =>
    workflow.jobs.map((job) => ({
      workflow,
      job,
      pushed: images.filter((image) => buildsOf(workflow, image).includes(job)),
      logins: job.steps.filter(({ uses }) => uses?.action === LOGIN),
    })),
  );
  return {
    checked: jobs.reduce((sum, { pushed, logins }) => sum + pushed.length + logins.length, 0),
    findings: jobs.flatMap(({ workflow, job, pushed, logins }) => [
      ...logins.flatMap((step) => loginFaults(workflow, job, step, pushed)),
      ...pushed
        .filter(() => logins.length === 0)
        .map((image) => ({
          place: placeOf(workflow, job),
          value: `no ${LOGIN} before the push of ${image.id}`,
          allowed: `a login as ${image.username}`,
          change: 'run `npx projen` to write the workflows anew',
        })),
    ]),
  };
}

function loginFaults(
  workflow: Workflow,
  job: Job,
  step: Step,
  [image, ...others]: readonly DockerHubImage[],
): readonly Fault[] {
  const place = placeOf(workflow, job, step);
  if (!image || others.length > 0) {
    return [
      {
        place,
        value: `${LOGIN} in a job that pushes ${image ? 'several images' : 'no image'} to Docker Hub`,
        allowed: 'a login where one image of the manifest is pushed',
        change: image ? 'build each image in a job of its own' : 'remove the step',
      },
    ];
  }
  const { username, password, registry = 'docker.io' } = step.with;
  const expected = `\${{ secrets.${image.tokenSecret} }}`;
  const wrong = [
    ...(username === image.username ? [] : [`username: ${username ?? 'nothing'}`]),
    ...(password === expected ? [] : [`password: ${password ?? 'nothing'}`]),
    ...(registry === 'docker.io' ? [] : [`registry: ${registry}`]),
    ...(step.condition === undefined ? [] : [`if: ${step.condition}`]),
  ];
  return wrong.map((value) => ({
    place,
    value,
    allowed: `username: ${image.username}, password: ${expected}, always`,
    change: 'log in as the manifest says, or run `npx projen`',
  }));
}

const isOnDockerHub = (image: ImageEntry): image is DockerHubImage => image.registry === 'dockerHub';
