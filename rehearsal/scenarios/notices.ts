import { channelsOf, toldFacts } from '../channels';
import { CHANNEL_FAULTS, type ChannelFault, GITHUB_API_DOWN } from '../faults/notice-faults';
import { STAGE_FAULTS } from '../faults/stage-faults';
import type { PlannedJob } from '../../workflows';
import { everywhere, expectation, idOf, named, prefixed, type RehearsedWorkflow, scenario } from './compose';
import type { Expectation, PlacedFault, Scenario } from './scenario';
import { hit } from './stage-hits';
import type { Delivered } from './stages';

type Notified = Delivered & { readonly notify: PlannedJob };

/** A deployment that fails soon, and leaves nothing that would make the next one fail. */
const FAILS = STAGE_FAULTS.find(({ name }) => name === 'sts:trust-denied');

/** Who hears of deliveries: what each channel is told, and what a channel that fails does to the others. */
export function noticeScenarios(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
): readonly Scenario[] {
  const last = stages.at(-1);
  if (!last?.notify || !FAILS) return [];
  const stage: Notified = { ...last, notify: last.notify };
  const failed = hit(workflow, stages, last, FAILS);
  const channels = channelsOf(workflow.manifest, last.target);
  return [
    recovery(workflow, stages, stage, failed),
    ...CHANNEL_FAULTS.filter(({ channel }) => channels.includes(channel)).map((fault) =>
      channelFails(workflow, stage, failed, fault),
    ),
    ...secretMissing(workflow, stage, failed),
    githubDown(workflow, failed),
    githubDownAfterSuccess(workflow, stages, stage),
  ];
}

const told = (
  { manifest }: RehearsedWorkflow,
  { environment, target }: Delivered,
  what: 'failure' | 'recovery',
) => prefixed(environment, toldFacts(channelsOf(manifest, target), what));

/** Only the environment that had failed has news. */
function recovery(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  stage: Notified,
  failed: Scenario,
): Scenario {
  const delivered = expectation(workflow, {}, everywhere(stages, 'new'));
  const expect = { ...delivered, state: { ...delivered.state, ...told(workflow, stage, 'recovery') } };
  const title =
    'the deployment after one that failed is well: everybody hears it, and the incident is closed';
  return scenario(workflow, 'notify:recovery', title, expect, { beginning: { after: failed.id } });
}

/** A variant of a delivery whose last deployment fails. */
function variant(
  workflow: RehearsedWorkflow,
  failed: Scenario,
  name: string,
  title: string,
  expect: Expectation,
  faults: readonly PlacedFault[] = [],
): Scenario {
  return { ...failed, ...named(workflow, name), title, expect, faults: [...failed.faults, ...faults] };
}

function channelFails(
  workflow: RehearsedWorkflow,
  stage: Notified,
  failed: Scenario,
  { name, title, channel, says }: ChannelFault,
): Scenario {
  const expect = withoutChannel(stage, failed.expect, channel, says);
  const whole = `a deployment fails and ${title}: the other channels tell it, and the job is red`;
  return variant(workflow, failed, name, whole, expect, [{ name, environment: stage.environment }]);
}

function withoutChannel(
  { environment, notify }: Notified,
  { jobs, state, log, ...rest }: Expectation,
  channel: ChannelFault['channel'],
  says: readonly string[],
): Expectation {
  const { [`${environment}: incident at PagerDuty`]: incident, ...others } = state;
  return {
    ...rest,
    jobs: { ...jobs, [notify.id]: 'failure' },
    state: {
      ...others,
      ...(incident !== undefined && {
        [`${environment}: incident at PagerDuty`]: channel === 'pagerDuty' ? 'none' : incident,
      }),
      [`${environment}: told by ${channel}`]: 'nothing',
    },
    log: { ...log, [notify.id]: says },
  };
}

/** The first secret of a channel is in no environment but the others. */
function secretMissing(workflow: RehearsedWorkflow, stage: Notified, failed: Scenario): readonly Scenario[] {
  const { workload } = workflow.shape;
  const holder = stage.notify.environment ?? stage.environment;
  const notice = workload?.notices.find((each) => each.channel !== 'email');
  if (!notice) return [];
  const { environmentSecrets = {} } = failed.request;
  const kept = Object.entries(environmentSecrets[holder] ?? {}).filter(([name]) => name !== notice.secret);
  const says = [`secret ${notice.secret} of the environment ${holder}`, `gh secret set ${notice.secret}`];
  const expect = withoutChannel(stage, failed.expect, notice.channel, says);
  const title = 'a deployment fails and a secret of a channel was never set: the other channels tell it';
  return [
    {
      ...variant(workflow, failed, 'notify:secret-missing', title, expect),
      request: {
        ...failed.request,
        environmentSecrets: { ...environmentSecrets, [holder]: Object.fromEntries(kept) },
      },
    },
  ];
}

/** Bad news does not depend on what was before. */
function githubDown(workflow: RehearsedWorkflow, failed: Scenario): Scenario {
  const { name, title } = GITHUB_API_DOWN;
  const whole = `a deployment fails and ${title}: it is told all the same`;
  return variant(workflow, failed, name, whole, failed.expect, [{ name }]);
}

function githubDownAfterSuccess(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  { deploy, notify }: Notified,
): Scenario {
  const { name, title } = GITHUB_API_DOWN;
  const delivered = expectation(workflow, {}, everywhere(stages, 'new'));
  const expect = { ...delivered, log: { [notify.id]: ['nobody was told whether', 'status 503'] } };
  const whole = `a deployment succeeds and ${title}: nobody is told, and the job says why`;
  return {
    ...scenario(workflow, `${name}, good`, whole, expect, { faults: [{ name }] }),
    branchesOff: { from: idOf(workflow, 'good'), before: deploy.id },
  };
}
