import { code, count, inWords, list, section, table } from './markdown';
import { picture } from './picture';
import type { Place, Subject } from './subject';

/** What runs where, and how it gets there. */
export function overview(subject: Subject): string {
  const { manifest, workload, places, images, gpuChecks, kind } = subject;
  const { owner, name } = manifest.repository;
  return section(
    '## Overview',
    `${code(workload.id)} of ${code(`${owner}/${name}`)} is ${kind.what}. ${delivered(subject)}`,
    table(
      ['Environment', 'Account', 'Region', 'A deployment waits for', 'It may take'],
      places.map((place) => [
        code(place.environment.name),
        code(place.target.account),
        place.target.region,
        approval(place),
        count(place.target.deployTimeoutMinutes, 'minute'),
      ]),
    ),
    picture(subject),
    list(
      places.flatMap((place) =>
        kind.shape(place.target).map((line) => `${code(place.environment.name)}: ${line}`),
      ),
    ),
    list(
      images.map(
        (image) =>
          `image ${code(image.id)}, built from ${code(image.dockerfile)}, in ${code(image.repository.uri)}`,
      ),
    ),
    list(
      gpuChecks.map(
        (check) =>
          `GPU check in ${code(check.environment)}, by its schedule (${code(check.schedule)} UTC) and by hand, on ${inWords(check.instanceTypes.map(code))}; images in ${code(check.image.repository.uri)}`,
      ),
    ),
    workload.models ? `Models lie in the bucket ${code(workload.models.bucket)}.` : '',
  );
}

function delivered({ workload, places }: Subject): string {
  const names = inWords(places.map(({ environment }) => code(environment.name)));
  return workload.delivery === 'throughEnvironments'
    ? `One run takes a commit through ${names}, with the same image by its digest.`
    : `Each commit goes to ${code(workload.environments[0] ?? '')}; people promote what it runs onwards, through ${names}.`;
}

/** What GitHub waits for before a job of the environment starts. */
export function approval({ environment }: Pick<Place, 'environment'>): string {
  const { reviewers, waitMinutes } = environment.protection;
  const waits = [
    ...(reviewers.length > 0 ? [`approval by one of ${reviewers.map(code).join(', ')}`] : []),
    ...(waitMinutes > 0 ? [count(waitMinutes, 'minute')] : []),
  ];
  return waits.length === 0 ? 'nobody' : waits.join(', ');
}
