import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actionStandIns, ArtifactStore } from '../../rehearsal/actions';
import { servicesOf } from '../../rehearsal/aws/services';
import { createWorld } from '../../rehearsal/aws/world';
import { VirtualClock } from '../../rehearsal/clock';
import { LIMITS } from '../../rehearsal/report/verdict';
import { type Scenario, scenariosOf } from '../../rehearsal/scenarios';
import { sources } from '../proofs/sample';

// Writes docs/rehearsal.md: what stands there about scenarios, services and actions is read from the code.

const GENERAL = `# Rehearsal

Written by \`npm test\` from \`rehearsal/\`.

\`npx lockstep rehearse\` runs the emitted workflows on this machine: GitHub's own parser and expressions, real shells,
the real \`.lockstep/cli.mjs\`. AWS is emulated on loopback, out of the synthesized templates: what they lack does not
exist. A job signs in with a token of its own, the role's trust policy decides about it, and every call is decided by
the role's policies. Time is virtual: half an hour of waiting takes milliseconds.

\`\`\`sh
npx lockstep rehearse                                       # every workflow, with all of its scenarios
npx lockstep rehearse --list                                # their names
npx lockstep rehearse kvs-infer-deploy --fault ecs:task-exits          # one of them, told at length
npx lockstep rehearse kvs-infer-deploy --fault ecs:no-gpu-free@staging # in another environment
npx lockstep rehearse --junit rehearsal.xml --timeline rehearsal.mmd   # for machines, and as a Mermaid chart
npx lockstep rehearse kvs-infer-deploy --scenario good --keep kept     # what the emulated AWS knew in the end
\`\`\`

Exit codes: 0 as expected, 1 not as expected, 2 wrong usage, 130 interrupted. Interrupting leaves nothing running.

## What it proves

- Each job starts when it should, gets the outputs it needs, and ends as the scenario says.
- Trust and permissions suffice for every call of every step, also on the way back. The calls of all scenarios together
  are the calls that are declared, in both directions: P04 and P05 run with them as evidence and fail otherwise.
- After each fault the right version runs, the parameters say so, the right job is red, and its summary says why.
- Nothing is left behind but what a scenario names, with its reason.

## What it does not prove

- ${LIMITS[1]}
- Jobs that GitHub would run side by side run one after another, in the order of the file.
- Programs that a setup action brings (\`python\`, \`npm\`, \`go\`) are not run: they say what would have run. Third-party
  actions have stand-ins; their limits are below.
- Programs of containers are not run: a scenario says how tasks behave. For the program of a GPU check a stand-in prints what
  it would print, with figures that are made of the versions; no GPU computes anything.
- Programs of jobs may only talk to loopback. Node.js is held to it; others are told by proxy variables, find only an
  allow-list of programs on their PATH, and are not held back if they ignore that.
- Containers and services of jobs, reusable workflows, local and composite actions, and shells other than bash and sh
  are refused with the line in the file.

## How it goes

A scenario is data: how a run begins, the faults, and what must be true in the end (\`rehearsal/scenarios/scenario.ts\`).
Where it begins, another scenario ended: the first release begins where the stacks were just deployed, everything else
where that release ended. A scenario that is no different from the good path until a job begins goes on from there.
Nobody makes a situation up.

\`--seed\` sets what is random inside of the processes, such as the pauses between retries. The same seed gives the same
report.

\`--against s3=http://127.0.0.1:4566\` asks another emulator on this machine for the calls of a service. Roles and policies
are still decided here.

## Adding a fault

A fault is an object in \`rehearsal/faults/\` or, for one kind of target, in \`rehearsal/targets/<kind>/faults.ts\`, for GPU
checks in \`rehearsal/gpu-check/faults.ts\`:

\`\`\`ts
{
  name: 'ecs:task-exits',
  title: 'each new task ends with exit code 1; the circuit breaker goes back first',
  effects: [
    { when: 'atStart', effect: { kind: 'newTasks', behaviour: { kind: 'exits', code: 1 } } },
  ],
  outcome: { deploy: 'failure', rollback: 'success', facts: { runs: 'earlier', 'released image': 'earlier' } },
}
\`\`\`

\`effects\` say what happens and when: before the run, or so many seconds after the call that starts the deployment.
\`outcome\` says what the delivery must come to. With it, the fault is rehearsed in the last environment of the workflow that
builds. Where versions are promoted, that workflow has one environment only, the first. \`also\` takes the fault to the
environments before and to promotions, \`happensTo\` keeps it from targets that it cannot hit, and
\`--fault <name>@<environment>\` asks for it in one more environment. What can happen to every kind of target
(\`rehearsal/faults/stage-faults.ts\`) is rehearsed in the last environment of each workflow that deploys.

A behaviour that no effect has yet is a case of the union \`Effect\` (or \`EcsEffect\`) and of the function that
applies it; what it models names the page of AWS that it follows.

A new emulated service is a folder under \`rehearsal/aws/\` with an \`AwsService\`, and a line in \`world.ts\`. A new kind of
target is a folder under \`rehearsal/targets/\` with a \`TargetRehearsal\`, and a line in its \`index.ts\`.
`;

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

function scenarioTable(scenarios: readonly Scenario[]): readonly string[] {
  return [...new Set(scenarios.map(({ workflow }) => workflow))].flatMap((workflow) => [
    `### \`${workflow}\``,
    '',
    ...table(
      ['scenario', 'what happens', 'jobs that do not succeed'],
      scenarios
        .filter((scenario) => scenario.workflow === workflow)
        .map(({ name, title, expect }) => {
          const red = Object.entries(expect.jobs).filter(([, result]) => /failure|cancelled/.test(result));
          return [`\`${name}\``, title, red.map(([job, result]) => `${job}: ${result}`).join(', ') || '–'];
        }),
    ),
    '',
  ]);
}

function serviceTable(): readonly string[] {
  const clock = new VirtualClock();
  const nobody = () => {
    throw new Error('nobody signs in');
  };
  const world = createWorld({ clock, tokens: { read: nobody }, endpoint: () => '', inside: () => ({}) });
  return [...servicesOf(world)]
    .sort(([one], [other]) => one.localeCompare(other))
    .filter(([, { operations }]) => Object.keys(operations).length > 0)
    .map(([name, { operations }]) => {
      const cited = Object.entries(operations).map(([operation, { source }]) => `[${operation}](${source})`);
      return `- **${name}**: ${cited.join(', ')}`;
    });
}

function actionTable(): readonly string[] {
  const standIns = actionStandIns({ repository: { files: new Map() }, artifacts: new ArtifactStore() });
  return table(
    ['action', 'limits of its stand-in'],
    [...standIns.values()].map(({ action, limits }) => [`\`${action}\``, limits]),
  );
}

const text = [
  GENERAL,
  '## Scenarios of the sample platform',
  '',
  ...scenarioTable(scenariosOf(sources())),
  '## Emulated operations',
  '',
  'Each follows the page that it links to; requests and answers are checked against the schemas of the SDK.',
  '',
  ...serviceTable(),
  '',
  '## Stand-ins of actions',
  '',
  ...actionTable(),
  '',
];
writeFileSync(join(__dirname, '../../docs/rehearsal.md'), `${text.join('\n').trimEnd()}\n`);
