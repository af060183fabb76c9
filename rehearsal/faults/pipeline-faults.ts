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
    happensTo: ({ quality }) => quality?.language === 'python',
  },
  ...(['test', 'vet'] as const).map((verb): PipelineFault => ({
    name: `go:${verb}-fails`,
    title: verb === 'test' ? 'a test of a Go module fails' : 'go vet finds something',
    effects: [{ when: 'atStart', effect: { kind: 'failProgram', commandLine: `go ${verb}` } }],
    stopsAt: 'test',
    says: [`go ${verb}`],
    happensTo: ({ quality }) => quality?.language === 'go',
  })),
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
    happensTo: (_, images) => images.every(({ registry }) => registry === 'ecr'),
  },
  {
    name: 'dockerhub:token-refused',
    title: 'Docker Hub refuses the token of the build',
    effects: [
      {
        when: 'atStart',
        effect: {
          kind: 'breakAction',
          action: 'docker/login-action',
          message: 'Error response from daemon: unauthorized: incorrect username or password',
        },
      },
    ],
    stopsAt: 'build',
    says: ['incorrect username or password'],
    happensTo: (_, images) => images.every(({ registry }) => registry === 'dockerHub'),
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

/** The programs that check sources and infrastructure, and the job in which each does. */
const CHECKS = [
  ['ruff', 'the linter finds something', '-m ruff', 'quality'],
  ['black', 'a file is not formatted', '-m black', 'quality'],
  ['pytest', 'a unit test fails, or too little is covered', '-m pytest', 'quality'],
  ['bandit', 'the security check finds something', '-m bandit', 'quality'],
  ['pip-audit', 'a package has a known vulnerability', '-m pip_audit', 'quality'],
  ['synth', 'the platform cannot be synthesized', 'cdk synth', 'infrastructure'],
  ['prove', 'infrastructure and workflows do not fit', 'lockstep prove', 'infrastructure'],
] as const;

/** Each check by itself: one that fails stops its job, whatever the others say. */
export const CHECK_FAULTS: readonly PipelineFault[] = CHECKS.map(([name, title, commandLine, stopsAt]) => ({
  name: `check:${name}`,
  title,
  effects: [{ when: 'atStart', effect: { kind: 'failProgram', commandLine } }],
  stopsAt,
  says: [commandLine],
}));

/** The role does not let a job in that only looks. */
export const INSPECTION_DENIED: PipelineFault = {
  name: 'sts:inspection-denied',
  title: 'the role that only looks does not let the job in',
  effects: [
    {
      when: 'atStart',
      effect: {
        kind: 'disturb',
        action: 'sts:AssumeRoleWithWebIdentity',
        disturbance: 'denied',
        by: 'inspect',
      },
    },
  ],
  stopsAt: 'resolve',
  says: ['Not authorized to perform sts:AssumeRoleWithWebIdentity'],
};
