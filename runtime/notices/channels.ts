import type { DeployManifest, TargetEntry, WorkloadEntry } from '../../contract/manifest';
import { type Fault, LockstepError } from '../../contract/errors';
import { type Answer, exchange, type Request } from '../exchange';
import type { Session } from '../session';
import type { Notice } from './notice';
import { PAGERDUTY_URL, pagerDutyRequest } from './pager-duty';
import { slackRequest } from './slack';

/** A way to tell people, with everything that it needs. */
export interface Channel {
  readonly name: string;
  /** @returns what went wrong, if anything did */
  send(notice: Notice): Promise<Fault | undefined>;
}

/**
 * The channels of a workload in one environment. A secret that is missing is found out whether there is news or not.
 *
 * @returns the channels that can be used, and what is wrong with the others
 */
export function openChannels(
  session: Session,
  manifest: DeployManifest,
  { notices }: WorkloadEntry,
  target: TargetEntry,
): { readonly channels: readonly Channel[]; readonly faults: readonly Fault[] } {
  const { environment } = session.ports;
  const holder =
    manifest.environments.find(({ name }) => name === target.environment)?.rollbackEnvironment ??
    target.environment;
  const opened = notices.map((notice): Channel | Fault => {
    if (notice.channel === 'email') return mail(session, target);
    const secret = environment.secret(notice.secret);
    const place = `secret ${notice.secret} of the environment ${holder}`;
    if (secret === undefined) {
      return {
        place,
        value: 'missing or empty',
        allowed: SECRETS[notice.channel],
        change: `gh secret set ${notice.secret} --env ${holder}`,
      };
    }
    return notice.channel === 'slack' ? slack(session, secret, place) : pagerDuty(session, secret, place);
  });
  return {
    channels: opened.filter((each): each is Channel => 'send' in each),
    faults: opened.filter((each): each is Fault => !('send' in each)),
  };
}

const SECRETS = {
  slack: 'the https address of an incoming webhook',
  pagerDuty: "an integration key of PagerDuty's Events API v2",
} as const;

function slack(session: Session, webhook: string, place: string): Channel | Fault {
  if (!isSafe(webhook)) {
    return {
      place,
      value: 'no https address',
      allowed: SECRETS.slack,
      change: 'copy the address from Slack anew',
    };
  }
  return { name: 'Slack', send: (notice) => post(session, slackRequest(webhook, notice), 'Slack', place) };
}

/** @throws LockstepError `InvalidArgument` for another address that is not of this machine */
function pagerDuty(session: Session, key: string, place: string): Channel {
  const { pagerDutyUrl: url = PAGERDUTY_URL } = session.ports.environment;
  if (url !== PAGERDUTY_URL && !isLoopback(url)) {
    throw new LockstepError('InvalidArgument', {
      place: 'LOCKSTEP_PAGERDUTY_URL',
      value: JSON.stringify(url),
      allowed: 'an address of this machine, such as http://127.0.0.1:8080',
      change: 'leave the variable out: it is for tests and rehearsals',
    });
  }
  return {
    name: 'PagerDuty',
    send: (notice) => post(session, pagerDutyRequest(url, key, notice), 'PagerDuty', place),
  };
}

/** @throws LockstepError `DanglingReference` */
function mail(session: Session, { id, region, postbox }: TargetEntry): Channel {
  if (!postbox) {
    throw new LockstepError('DanglingReference', {
      place: `target ${id}`,
      value: 'no postbox',
      allowed: 'the topic of a workload that sends mail',
      change: 'run `npx projen` to write the manifest anew',
    });
  }
  return {
    name: 'mail',
    send: async ({ title, detail, link }) => {
      const { sendMail } = await import('../../constructs/notification-topic/runtime');
      try {
        await sendMail(session.connection(region), {
          topicArn: postbox.topicArn,
          subject: title,
          text: `${title}\n\n${detail}\n\n${link}\n`,
        });
        return undefined;
      } catch (error) {
        if (LockstepError.is(error)) return error.faults[0];
        throw error;
      }
    },
  };
}

async function post(
  { context, ports }: Session,
  request: Request,
  channel: string,
  place: string,
): Promise<Fault | undefined> {
  const answer = await exchange({ clock: context.clock, signal: ports.signal }, request);
  if (answer.came && answer.status >= 200 && answer.status < 300) return undefined;
  return {
    place: `${channel}, by ${place}`,
    value: answer.came ? `status ${answer.status}` : `no answer (${answer.reason})`,
    allowed: 'a status from 200 to 299',
    change: changeFor(channel, answer),
  };
}

const changeFor = (channel: string, answer: Answer): string =>
  answer.came && answer.status >= 400 && answer.status < 500 && answer.status !== 429
    ? `look whether the secret still stands for something at ${channel}`
    : `run the job again once ${channel} can be reached`;

/** Where a secret may be sent: over TLS, or nowhere but to this machine. */
const isSafe = (text: string): boolean => {
  const url = urlOf(text);
  // `fetch` refuses an address with a password.
  return isLoopback(text) || (url?.protocol === 'https:' && url.username === '' && url.password === '');
};

const isLoopback = (text: string): boolean => {
  const url = urlOf(text);
  return url?.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
};

function urlOf(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
