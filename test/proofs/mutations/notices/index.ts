import type { PostboxEntry } from '../../../../contract';
import { editJob, editWorkflow, type Mutation, type Sources } from '../../sample';
import { defects } from '../k3s/edit';
import { resourceIn, rewriting, setting } from '../service/edit';
import { job } from '../workflow-names';

const DEPLOY = 'devops-day3-app-deploy.yml';
const ROLLBACK = 'devops-day3-app-rollback.yml';
const METRICS = 'delivery-metrics.yml';
const STACK = 'ml-platform-devops-day3-app-production';
const TARGET = 'targets.devops-day3-app-production';
const TELL = 'notify-production';

const inTell =
  (from: string | RegExp, to: string): Mutation['apply'] =>
  (sample) =>
    editJob(sample, DEPLOY, TELL, from, to);
const byHand =
  (from: string | RegExp, to: string): Mutation['apply'] =>
  (sample) =>
    editJob(sample, ROLLBACK, TELL, from, to);
const inMetrics =
  (from: string | RegExp, to: string): Mutation['apply'] =>
  (sample) =>
    editWorkflow(sample, METRICS, from, to);

const astray = defects('P08', job(TELL, DEPLOY));
const handed = defects('P08', job(TELL, ROLLBACK));
const untold = defects('P08', job('deploy-production', DEPLOY));
const figures = defects('P08', METRICS);
const IF = /if: always\(\)[^\n]*/;
const OUTCOME = "needs.deploy-production.result == 'success' || needs.deploy-production.result == 'failure'";

/** News that nobody gets, or that is wrong. */
export const NOTIFY_MUTATIONS: readonly Mutation[] = [
  untold('a deployment that nobody hears of', (sample) => {
    editWorkflow(sample, DEPLOY, /\n {2}notify-production:\n(?: {4}[^\n]*\n|\n(?= {4}))*/, '\n');
  }),
  astray('news of good deployments alone', inTell(IF, "if: needs.deploy-production.result == 'success'")),
  astray(
    'news of bad deployments alone',
    inTell(IF, "if: always() && needs.deploy-production.result == 'failure'"),
  ),
  astray('news of a deployment that was skipped', inTell(IF, 'if: always()')),
  astray('news without a status function', inTell(IF, `if: ${OUTCOME}`)),
  astray('news that waits for an approval', inTell('name: production-rollback', 'name: production')),
  astray('news in another environment', inTell('name: production-rollback', 'name: staging')),
  astray(
    'news that does not know of the way back',
    inTell('needs: [deploy-production, rollback-production]', 'needs: [deploy-production]'),
  ),
  astray(
    'news of another deployment',
    inTell('DEPLOYMENT: ${{ needs.deploy-production.result }}', 'DEPLOYMENT: success'),
  ),
  astray(
    'the way back in place of the deployment',
    inTell(
      'DEPLOYMENT: ${{ needs.deploy-production.result }}',
      'DEPLOYMENT: ${{ needs.rollback-production.result }}',
    ),
  ),
  astray('news that says nothing of the way back', inTell(' --rollback "$ROLLBACK"', '')),
  astray('news that cannot ask GitHub', inTell(/ {6}actions: read[^\n]*\n/, '')),
  astray('news without the token of the job', inTell(/ {10}GITHUB_TOKEN: [^\n]*\n/, '')),
  astray(
    'news that may be lost',
    inTell('        env:\n', '        continue-on-error: true\n        env:\n'),
  ),
  astray(
    'news whose exit code is swallowed',
    inTell('--rollback "$ROLLBACK"', '--rollback "$ROLLBACK" || true'),
  ),
  astray('news at some times', inTell("if: '!cancelled()'", "if: github.actor != 'octocat'")),
  astray('news that a refused sign-in keeps back', inTell("        if: '!cancelled()'\n", '')),
  astray('news without the command', inTell('sparse-checkout: .lockstep', 'sparse-checkout: services')),
  defects('P08', job('notify-staging', DEPLOY))('a deployment that waits for news', (sample) => {
    editJob(sample, DEPLOY, 'deploy-production', /needs: \[/, 'needs: [notify-staging, ');
  }),
  untold('news of another environment', inTell('--environment production', '--environment staging')),
  defects('P08', job('rollback-production', ROLLBACK))('a way back that nobody hears of', (sample) => {
    editWorkflow(sample, ROLLBACK, /\n {2}notify-production:\n[\s\S]*$/, '\n');
  }),
  handed('news of a list', byHand(" && (inputs.revision != '' || inputs.commit != '')", '')),
  handed(
    'news of ways back to a revision alone',
    byHand("(inputs.revision != '' || inputs.commit != '')", "inputs.revision != ''"),
  ),
  handed(
    'news of ways back that failed alone',
    byHand("needs.rollback-production.result == 'success' || ", ''),
  ),
  handed(
    'a way back that is told as a deployment',
    byHand('--rollback "$ROLLBACK"', '--deployment "$ROLLBACK"'),
  ),
  defects('P08', METRICS.replace('delivery-metrics.yml', '.github/workflows'))(
    'deliveries that nobody counts',
    (sample) => {
      sample.workflows = sample.workflows.filter((workflow) => !workflow.file.endsWith(METRICS));
    },
  ),
  figures('a count that no clock starts', inMetrics(/ {2}schedule:\n[^\n]*\n/, '')),
  figures('a count with each push', inMetrics('on:\n', 'on:\n  push:\n    branches: [main]\n')),
  figures('a count that reads no runs', inMetrics(/ {6}actions: read[^\n]*\n/, '')),
  figures('a count without token', inMetrics(/ {10}GITHUB_TOKEN: [^\n]*\n/, '')),
  figures(
    'a count that is green whatever happens',
    inMetrics('        env:\n', '        continue-on-error: true\n        env:\n'),
  ),
];

const leak = defects('P11', job(TELL, DEPLOY));

/** Secrets of channels that get into other hands, or into nobody's. */
export const CHANNEL_SECRET_MUTATIONS: readonly Mutation[] = [
  leak('a channel without its secret', inTell(/ {10}SLACK_WEBHOOK_URL: [^\n]*\n/, '')),
  leak(
    'the secret of one channel for another',
    inTell(
      'PAGERDUTY_ROUTING_KEY: ${{ secrets.PAGERDUTY_ROUTING_KEY }}',
      'PAGERDUTY_ROUTING_KEY: ${{ secrets.SLACK_WEBHOOK_URL }}',
    ),
  ),
  leak(
    'a secret for every step of a job',
    inTell('    steps:\n', '    env:\n      HOOK: ${{ secrets.SLACK_WEBHOOK_URL }}\n    steps:\n'),
  ),
  leak(
    'a secret on a command line',
    inTell('--rollback "$ROLLBACK"', '--rollback "$ROLLBACK" --json ${{ secrets.SLACK_WEBHOOK_URL }}'),
  ),
  leak(
    'the secret of a channel that nobody declared',
    inTell('${{ secrets.SLACK_WEBHOOK_URL }}', '${{ secrets.SLACK_URL }}'),
  ),
  leak('a secret of another environment', inTell('name: production-rollback', 'name: production')),
  leak(
    'a stranger beside a secret',
    inTell(
      '      - name: Tell the people who must know\n',
      '      - run: npm test\n      - name: Tell the people who must know\n',
    ),
  ),
  leak(
    'an action beside a secret',
    inTell(
      '      - name: Tell the people who must know\n',
      '      - uses: actions/setup-node@820762786026740c76f36085b0efc47a31fe5020\n      - name: Tell the people who must know\n',
    ),
  ),
  defects('P11', job('deploy-production', DEPLOY))('a secret for the deployment', (sample) => {
    editJob(
      sample,
      DEPLOY,
      'deploy-production',
      /( {8}env:\n)/,
      '        env:\n          HOOK: ${{ secrets.SLACK_WEBHOOK_URL }}\n',
    );
  }),
  defects('P11', 'secrets.SLACK_WEBHOOK_URL')('an environment that holds a secret for nobody', (sample) => {
    const secrets = sample.manifest.secrets.map((one) =>
      one.name === 'SLACK_WEBHOOK_URL' ? { ...one, environments: [...one.environments, 'production'] } : one,
    );
    sample.manifest = { ...sample.manifest, secrets };
  }),
  leak('a secret that an environment does not hold', (sample) => {
    const secrets = sample.manifest.secrets.map((one) =>
      one.name === 'SLACK_WEBHOOK_URL' ? { ...one, environments: ['staging'] } : one,
    );
    sample.manifest = { ...sample.manifest, secrets };
  }),
  defects('P11', METRICS)(
    'a secret where deliveries are counted',
    inMetrics('          DAYS:', '          HOOK: ${{ secrets.SLACK_WEBHOOK_URL }}\n          DAYS:'),
  ),
];

const TOPIC = 'AWS::SNS::Topic';
const POLICY = 'AWS::SNS::TopicPolicy';
const SUBSCRIPTION = 'AWS::SNS::Subscription';
const open = defects('P03', STACK);
const name = defects('P01', TARGET);

/** Changes the postbox of the target in production. */
const posting =
  (change: (postbox: PostboxEntry) => PostboxEntry | undefined): Mutation['apply'] =>
  (sample: Sources) => {
    sample.manifest = {
      ...sample.manifest,
      targets: sample.manifest.targets.map(({ postbox, ...target }) => {
        const changed = target.id === 'devops-day3-app-production' && postbox ? change(postbox) : postbox;
        return { ...target, ...(changed && { postbox: changed }) };
      }),
    };
  };
const OTHER = 'arn:aws:sns:us-east-1:222222222222:ml-platform-other';
const NOTIFY = 'AWS::IAM::Role';

/** Topics that others read or write, and roles that do more than write. */
export const TOPIC_MUTATIONS: readonly Mutation[] = [
  open('mail that lies in the clear', setting(TOPIC, '', 'KmsMasterKeyId', undefined, STACK)),
  open('mail over plain HTTP', (sample) => {
    const { Resources } = sample.templates.find(({ stack }) => stack === STACK)?.body as {
      Resources: Record<string, { Type: string }>;
    };
    const [id = ''] = Object.entries(Resources).find(([, { Type }]) => Type === POLICY) ?? [];
    Reflect.deleteProperty(Resources, id);
  }),
  open('a topic that anybody writes to', rewriting(POLICY, '', '"Effect":"Deny"', '"Effect":"Allow"', STACK)),
  open(
    'plain HTTP for what is not published',
    rewriting(POLICY, '', '"sns:Publish"', '"sns:GetTopicAttributes"', STACK),
  ),
  open(
    'a stranger who subscribes',
    rewriting(SUBSCRIPTION, '', '"Protocol":"email"', '"Protocol":"https"', STACK),
  ),
  open('a topic without subscriber', (sample) => {
    resourceIn(sample, SUBSCRIPTION, '', STACK).Properties.TopicArn = OTHER;
  }),
  open(
    'a role that every branch may have',
    rewriting(
      NOTIFY,
      'Lockstep notify',
      'repo:octo-org/ml-platform:environment:production-rollback',
      'repo:octo-org/ml-platform:*',
      STACK,
    ),
  ),
  name('a topic that no stack makes', setting(TOPIC, '', 'TopicName', 'other', STACK)),
  name(
    'a topic of another region',
    posting((postbox) => ({ ...postbox, topicArn: OTHER })),
  ),
  name(
    'mail without topic',
    posting(() => undefined),
  ),
  name(
    'mail by the role that deploys',
    posting((postbox) => ({ ...postbox, role: 'devops-day3-app-production-deploy' })),
  ),
  defects('P01', 'targets.kvs-infer-production')('a topic that nobody subscribes to', (sample) => {
    const postbox = sample.manifest.targets.find(({ id }) => id === 'devops-day3-app-production')?.postbox;
    sample.manifest = {
      ...sample.manifest,
      targets: sample.manifest.targets.map((one) =>
        one.id === 'kvs-infer-production' && postbox ? { ...one, postbox } : one,
      ),
    };
  }),
  defects('P04', TARGET)(
    'mail that nobody may send',
    posting((postbox) => ({ ...postbox, calls: [] })),
  ),
  defects('P05', TARGET)(
    'mail that also makes topics',
    posting((postbox) => ({
      ...postbox,
      calls: [...postbox.calls, { action: 'sns:CreateTopic', resources: ['*'] }],
    })),
  ),
  defects('P04', job(TELL, DEPLOY))(
    'a role that may not publish',
    rewriting(NOTIFY, 'Lockstep notify', 'sns:Publish', 'sns:ListTopics', STACK),
  ),
  defects('P05', STACK)(
    'a role that publishes to every topic',
    rewriting(
      NOTIFY,
      'Lockstep notify',
      'sns:eu-west-2:222222222222:ml-platform-devops-day3-app-production-notices',
      'sns:eu-west-2:222222222222:*',
      STACK,
    ),
  ),
  defects('P06', STACK)(
    'a role that writes to the topics of others',
    rewriting(
      NOTIFY,
      'Lockstep notify',
      'sns:eu-west-2:222222222222:ml-platform-devops-day3-app-production-notices',
      'sns:*:*:*',
      STACK,
    ),
  ),
  defects('P04', job(TELL, DEPLOY))(
    'mail without sign-in',
    inTell(/ {6}- name: Sign in to AWS\n(?: {8}[^\n]*\n)+\n/, ''),
  ),
  defects('P02', DEPLOY)('mail without token', inTell(/ {6}id-token: write[^\n]*\n/, '')),
  defects('P07', job(TELL, DEPLOY))(
    'a job that ends before everybody was tried',
    inTell('timeout-minutes: 10', 'timeout-minutes: 3'),
  ),
];

const service = defects('P01', 'targets.kvs-infer-staging');

/** Times at which a service sleeps, of which manifest and template say something else. */
export const SLEEP_MUTATIONS: readonly Mutation[] = [
  service(
    'a service that sleeps at another time',
    rewriting(
      'AWS::ApplicationAutoScaling::ScalableTarget',
      '',
      'cron(0 20 ',
      'cron(0 22 ',
      'ml-platform-kvs-infer-staging',
    ),
  ),
  service(
    'a service that wakes in another time zone',
    rewriting(
      'AWS::ApplicationAutoScaling::ScalableTarget',
      '',
      'Europe/Berlin',
      'Asia/Tokyo',
      'ml-platform-kvs-infer-staging',
    ),
  ),
  service('a service that sleeps although nobody says so', (sample) => {
    sample.manifest = {
      ...sample.manifest,
      targets: sample.manifest.targets.map((target) => {
        if (target.id !== 'kvs-infer-staging') return target;
        const { sleep: _sleep, ...spec } = target.spec as Record<string, unknown>;
        return { ...target, spec };
      }),
    };
  }),
];
