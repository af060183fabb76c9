import type { DeployOutcome, DeployReceipt, Diagnosis } from '../../contract/deployer';
import { type ErrorCode, LockstepError } from '../../contract/errors';
import type { Report } from '../report';
import type { Session } from '../session';
import { versionText } from '../version-content';
import { contentFacts } from './content-facts';
import type { DeployerFor } from './verbs';
import { verificationFailure, verifyUntilGood } from './verification';

type Failed = Extract<DeployOutcome, { result: 'failed' }>;

const CODES: Readonly<Record<Failed['reason'], ErrorCode>> = {
  rolledBackByAws: 'DeploymentFailed',
  undone: 'DeploymentFailed',
  failed: 'DeploymentFailed',
  noCapacity: 'CapacityMissing',
  timedOut: 'DeploymentTimedOut',
  superseded: 'DeploymentSuperseded',
  stopped: 'DeploymentFailed',
};

/** Waits for a deployment; diagnoses it when it fails, verifies and confirms it when it succeeds. */
export async function conclude(
  session: Session,
  deployer: DeployerFor<'wait'>,
  receipt: DeployReceipt,
  name: string,
): Promise<Report> {
  session.phase(`Wait for ${receipt.version.name}`);
  const outcome = await deployer.wait(receipt, session.context);
  if (outcome.result === 'failed') return failedReport(session, deployer, receipt, outcome, name);
  session.phase('Verify');
  const checks = await verifyUntilGood(deployer, receipt.version, session.context);
  const failure = verificationFailure(checks, name);
  if (!failure) await deployer.confirm?.(receipt.version, session.context);
  return {
    title: failure
      ? `${name}: ${receipt.version.name} is deployed but not as it should be`
      : `${name}: ${receipt.version.name} runs`,
    facts: receiptFacts(receipt),
    checks,
    data: { receipt, outcome },
    ...(failure ? { failure } : {}),
  };
}

async function failedReport(
  session: Session,
  deployer: DeployerFor<'diagnose'>,
  receipt: DeployReceipt,
  outcome: Failed,
  name: string,
): Promise<Report> {
  session.phase('Diagnose');
  const diagnoses = await diagnoseOrSay(session, deployer);
  const running = outcome.running;
  return {
    title: `${name}: ${receipt.version.name} was not deployed`,
    facts: [
      ...receiptFacts(receipt),
      ['reason', outcome.message],
      ...(running ? [['runs now', versionText(running)] as const] : []),
    ],
    diagnoses,
    data: { receipt, outcome },
    failure: new LockstepError(CODES[outcome.reason], {
      place: `deployment of ${receipt.version.name}`,
      value: outcome.message,
      allowed: 'a deployment that reaches its end',
      change: diagnoses[0]?.remedy ?? 'read what AWS says about the deployment, then deploy again',
    }),
  };
}

/** A diagnosis that cannot be made must not hide the failure that it was for. */
export async function diagnoseOrSay(
  session: Session,
  deployer: DeployerFor<'diagnose'>,
): Promise<readonly Diagnosis[]> {
  try {
    return await deployer.diagnose(session.context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    session.emit({ code: 'diagnose.failed', level: 'warning', message: `no diagnosis: ${message}` });
    return [];
  }
}

export function receiptFacts({ version, previous, deployment, state }: DeployReceipt): Report['facts'] {
  return [
    ...contentFacts(version),
    ['version', version.name],
    ['before', previous ? previous.name : 'nothing'],
    ['deployment', deployment ?? state],
  ];
}
