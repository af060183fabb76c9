import { ACTION_PINS, commandLine, type PipelinePlan, type PlannedJob } from '../../workflows';

/** The workflow that GitHub is to read, written down a second time and without YAML. */
export function asPlanned(plan: PipelinePlan): unknown {
  return withoutAbsent({
    name: plan.name,
    'run-name': plan.runName,
    on: triggers(plan.triggers),
    permissions: {},
    concurrency: plan.concurrency && concurrency(plan.concurrency),
    defaults: { run: { shell: 'bash' } },
    jobs: Object.fromEntries(plan.jobs.map((job) => [job.id, asJob(job)])),
  });
}

function triggers({ push, pullRequest, schedule, dispatch }: PipelinePlan['triggers']): unknown {
  return withoutAbsent({
    push:
      push && withoutAbsent({ branches: push.branches, tags: filled(push.tags), paths: filled(push.paths) }),
    pull_request: pullRequest && { branches: pullRequest.branches },
    schedule: schedule === undefined ? undefined : [{ cron: schedule }],
    workflow_dispatch: dispatch && withoutAbsent({ inputs: filled(inputs(dispatch.inputs)) }),
  });
}

const inputs = (given: NonNullable<PipelinePlan['triggers']['dispatch']>['inputs']) =>
  Object.fromEntries(
    Object.entries(given).map(([name, input]) => [name, { ...input, required: 'options' in input }]),
  );

function asJob(job: PlannedJob): unknown {
  return withoutAbsent({
    name: job.name,
    needs: filled(job.needs),
    if: job.condition,
    strategy: job.matrix && {
      'fail-fast': false,
      'max-parallel': job.matrix.maxParallel,
      matrix: withoutAbsent({
        ...job.matrix.axes,
        exclude: filled(job.matrix.exclude.map(({ values }) => values)),
      }),
    },
    'runs-on': job.runsOn.length === 1 ? job.runsOn[0] : job.runsOn,
    environment: job.environment === undefined ? undefined : { name: job.environment },
    'timeout-minutes': job.timeoutMinutes,
    permissions: Object.fromEntries(job.permissions.map(({ scope, access }) => [scope, access])),
    concurrency: concurrency(job.concurrency),
    outputs: filled(job.outputs),
    steps: job.steps.map(asStep),
  });
}

function asStep(step: PlannedJob['steps'][number]): unknown {
  const shared = { name: step.name, id: step.id, if: step.condition, env: filled(step.env ?? {}) };
  switch (step.kind) {
    case 'uses': {
      const inputs = Object.entries(step.with).map(([name, input]) => [
        name,
        typeof input === 'object' ? input.value : input,
      ]);
      const uses = `${step.uses}@${ACTION_PINS[step.uses]?.sha}`;
      return withoutAbsent({ ...shared, uses, with: filled(Object.fromEntries(inputs)) });
    }
    case 'run':
      return withoutAbsent({ ...shared, run: step.run, 'working-directory': step.workingDirectory });
    case 'command':
      return withoutAbsent({ ...shared, run: commandLine(step.command) });
  }
}

const concurrency = ({ group, cancelInProgress }: PlannedJob['concurrency']) => ({
  group,
  'cancel-in-progress': cancelInProgress,
});

/** Nothing instead of an empty list or mapping. */
function filled<T extends object>(value: T | undefined): T | undefined {
  return value !== undefined && Object.keys(value).length > 0 ? value : undefined;
}

function withoutAbsent(entries: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
}
