import { code, list, section } from './markdown';
import type { Subject } from './subject';

/** What keeps the workload easy to look after. */
export function practices(subject: Subject): string {
  const { workload, kind, images, manifest } = subject;
  const immutable = [
    ...new Set(images.flatMap((image) => (image.registry === 'ecr' ? image.immutableTags : []))),
  ];
  const first = workload.environments[0] ?? '';
  return section(
    '## Best practices',
    list([
      'Change `platform.config.ts`, run `npm start`, commit everything that changed. Edit no generated file.',
      'Deploy stacks before the push that needs them: a new role or setting has to be there when the jobs run.',
      'Go back first, look for the cause then: a way back builds nothing and takes minutes.',
      `Let a change stay in ${code(first)} for as long as its faults need to show.`,
      ...(immutable.length > 0
        ? [
            `Deploy by digest, as the workflows do. Tags ${immutable.map(code).join(', ')} never move; use no ${code('latest')}.`,
          ]
        : ['Deploy by digest, as the workflows do.']),
      ...(workload.releaseTags.length > 0
        ? [
            `Protect the tags ${workload.releaseTags.map(code).join(', ')} with a ruleset: whoever pushes one starts a delivery.`,
          ]
        : []),
      `Protect ${code(manifest.repository.defaultBranch)}, and require the check ${code('Verify the repository')}.`,
      'Rehearse before the night: `npx lockstep rehearse --list` names the faults, and a rollback that has run once is no experiment.',
      'No AWS key is stored, so there is none to rotate: jobs sign in by OIDC.',
      ...kind.practices,
    ]),
  );
}
