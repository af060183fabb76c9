import type { DeployManifest } from '../../contract';
import { GITHUB_API_HOST, GithubApi, githubApiUrl, githubHandler } from '../../rehearsal/github-api';
import {
  Channels,
  PAGERDUTY_HOST,
  pagerDutyHandler,
  pagerDutyUrl,
  SLACK_HOST,
  slackHandler,
  slackWebhook,
} from '../../rehearsal/channels';
import { HttpServer } from '../../rehearsal/aws/server/http-server';
import { SnsService } from '../../rehearsal/aws/sns';
import { VirtualClock } from '../../rehearsal/clock/virtual-clock';
import { jobToken } from '../../rehearsal/github/job-token';
import { AwsServer } from '../conformance/aws-server';
import { manifest as sampleManifest } from '../fixtures/manifest';
import { encodeManifest } from '../../contract';
import { type Finished, runCommand } from './harness';

const ACCOUNT = '111111111111';
const REGION = 'us-east-1';
export const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT}:lockstep-kvs-infer-staging-notices`;
export const FILE = 'kvs-infer-deploy.yml';
export const DEPLOY_JOB = 'Deploy kvs-infer to staging';
export const ROLLBACK_JOB = 'Roll back kvs-infer in staging';
const MINUTE = 60_000;

/** The sample manifest with people who want to hear of deployments. */
export function notifyingManifest(): DeployManifest {
  const sample = sampleManifest();
  return {
    ...sample,
    workloads: sample.workloads.map((workload) => ({
      ...workload,
      notices: [
        { channel: 'slack', secret: 'SLACK_WEBHOOK_URL' },
        { channel: 'pagerDuty', secret: 'PAGERDUTY_ROUTING_KEY' },
        { channel: 'email' },
      ],
    })),
    targets: sample.targets.map((target) => ({
      ...target,
      postbox: {
        topicArn: TOPIC,
        role: 'kvs-infer-staging-notify',
        calls: [{ action: 'sns:Publish', resources: [TOPIC] }],
      },
    })),
  };
}

/** A job of an earlier run, for GitHub to remember. */
export interface EarlierJob {
  readonly name?: string;
  readonly conclusion: string;
  /** @default 5 */
  readonly minutes?: number;
  /** @default - one, that ended as the job */
  readonly steps?: readonly { readonly name: string; readonly conclusion: string }[];
}

/** GitHub, Slack, PagerDuty and SNS on loopback. */
export class NewsWorld {
  readonly clock = new VirtualClock();
  readonly github = new GithubApi();
  readonly channels = new Channels();
  readonly sns = new SnsService({ clock: this.clock });
  readonly aws = new AwsServer([this.sns], () => ({
    account: ACCOUNT,
    region: REGION,
    now: this.clock.now(),
  }));
  /** Answers of these statuses come first, whatever is asked, each once. */
  readonly weather: number[] = [];
  /** Requests to anything but AWS: method, path and, of GitHub, the query. */
  readonly requests: string[] = [];
  private readonly web: HttpServer;
  private addresses = { aws: '', web: '' };

  constructor() {
    const now = () => this.clock.now();
    const raw = {
      [GITHUB_API_HOST]: githubHandler(this.github),
      [SLACK_HOST]: slackHandler(this.channels, now),
      [PAGERDUTY_HOST]: pagerDutyHandler(this.channels, now),
    };
    this.web = new HttpServer({
      now,
      arrive: () => undefined,
      api: () => Promise.reject(new Error('nobody asks AWS here')),
      raw: Object.fromEntries(
        Object.entries(raw).map(([host, handle]) => [
          host,
          (...[request, body, response]: Parameters<typeof handle>) => {
            this.requests.push(`${request.method} ${request.url}`);
            const status = this.weather.shift();
            if (status === undefined) return handle(request, body, response);
            response.writeHead(status, { 'content-length': 0 }).end();
          },
        ]),
      ),
      failed: (failure) => {
        throw new Error(failure);
      },
    });
    this.channels.admit('slack', 'hook');
    this.channels.admit('pagerDuty', 'key');
    this.sns.makes['AWS::SNS::Topic']({
      account: ACCOUNT,
      region: REGION,
      stack: 'staging',
      logicalId: 'Notices',
      path: 'staging/Notices',
      type: 'AWS::SNS::Topic',
      properties: { TopicName: TOPIC.split(':').at(-1) ?? '' },
    });
  }

  async start(): Promise<this> {
    process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'example';
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    this.addresses = { aws: await this.aws.start(), web: await this.web.start() };
    return this;
  }

  async stop(): Promise<void> {
    await Promise.all([this.aws.stop(), this.web.stop()]);
  }

  /** A run took place. @returns its id */
  ran(jobs: readonly EarlierJob[], file = FILE, { event = 'push', fromFork = false } = {}): number {
    const id = this.github.nextId(1_000);
    const createdAt = this.clock.now();
    const recorded = jobs.map(({ name = DEPLOY_JOB, conclusion, minutes = 5, steps }, index) => {
      const startedAt = this.clock.now();
      this.clock.pass((minutes * MINUTE) / 1_000);
      return {
        id: id * 100 + index,
        name,
        conclusion,
        startedAt,
        endedAt: this.clock.now(),
        steps: steps ?? [{ name: 'Set up job', conclusion }],
      };
    });
    const path = `.github/workflows/${file}`;
    this.github.state.runs.push({
      id,
      attempt: 1,
      file: path,
      sha: 'c'.repeat(40),
      event,
      fromFork,
      createdAt,
      jobs: recorded,
    });
    return id;
  }

  /** What each channel was told. */
  told() {
    const { messages, incidents } = this.channels.state;
    return {
      chat: messages.map(({ channel, kind }) => `${channel}: ${kind}`),
      mail: this.sns.messages(TOPIC).map(({ subject }) => subject),
      incidents: [...incidents],
    };
  }

  run(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    const { aws: endpoint, web } = this.addresses;
    const connection = { region: REGION, endpoint, retryDelayMs: 1, maxAttempts: 2 };
    return runCommand({ clock: this.clock, connection }, argv, {
      manifest: encodeManifest(notifyingManifest()),
      env: {
        GITHUB_API_URL: githubApiUrl(web),
        GITHUB_TOKEN: jobToken({ actions: 'read' }),
        GITHUB_REPOSITORY: 'octo-org/ml-platform',
        GITHUB_SHA: 'a'.repeat(40),
        SLACK_WEBHOOK_URL: slackWebhook(web, 'hook'),
        PAGERDUTY_ROUTING_KEY: 'key',
        LOCKSTEP_PAGERDUTY_URL: pagerDutyUrl(web),
        ...env,
      },
    });
  }

  /** `notify` in the job of a run that goes on. */
  notify(options: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Finished> {
    const id = String(this.ran([]));
    return this.run(['notify', 'kvs-infer', '--environment', 'staging', ...options], {
      GITHUB_RUN_ID: id,
      GITHUB_RUN_ATTEMPT: '1',
      ...env,
    });
  }
}
