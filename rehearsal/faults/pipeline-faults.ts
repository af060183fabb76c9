import type { ImageEntry } from '../../contract';
import type { PipelineFault } from './fault';

/** Faults of every delivery, before it reaches an environment. */
export const PIPELINE_FAULTS: readonly PipelineFault[] = [
  {
    name: 'tests:fail',
    title: 'a unit test fails',
    effects: [{ when: 'atStart', effect: { kind: 'failProgram', commandLine: '-m pytest' } }],
    stopsAt: 'test',
    says: ['-m pytest'],
  },
  {
    name: 'build:fails',
    title: 'the image cannot be built',
    effects: [
      {
        when: 'atStart',
        effect: {
          kind: 'breakAction',
          action: 'docker/build-push-action',
          message:
            'buildx failed with: ERROR: failed to solve: process "/bin/sh -c pip install" did not complete',
        },
      },
    ],
    stopsAt: 'build',
    says: ['failed to solve'],
  },
  {
    name: 'ecr:registry-down',
    title: 'the image registry does not answer',
    effects: [
      {
        when: 'atStart',
        effect: { kind: 'disturb', action: 'ecr:*', disturbance: 'refused', by: 'publish' },
      },
    ],
    stopsAt: 'build',
    says: ['socket hang up'],
  },
];

/** Findings that the policy of an image stops at, one fault for each severity. */
export function findingsOf({ scan }: ImageEntry): readonly PipelineFault[] {
  if (!scan.blocks) return [];
  return scan.severities.map((severity) => ({
    name: `scan:${severity.toLowerCase()}-finding`,
    title: `the scanner finds something ${severity.toLowerCase()}`,
    effects: [{ when: 'atStart', effect: { kind: 'finding', severity, id: 'CVE-2026-0001' } }],
    stopsAt: 'scan',
    says: ['exit code 1'],
  }));
}
