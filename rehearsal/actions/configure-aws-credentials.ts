import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandOutput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import { messageOf } from '../message-of';
import { clientSettings, type Keys, keysOf } from './aws-client';
import { type ActionDefinition, notRehearsed } from './definition';
import type { Inputs } from './inputs';
import { mayAskForToken, oidcToken } from './oidc-token';
import { retried } from './virtual-retries';

const ACTION = 'aws-actions/configure-aws-credentials';
const DEFAULT_DURATION_SECONDS = 3600;
const DEFAULT_TRIES = 12;
const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
const REGIONS = ['AWS_DEFAULT_REGION', 'AWS_REGION'] as const;

/**
 * Signs in with the OIDC token of the job, so that trust is really evaluated. Whatever goes wrong is tried again,
 * a refusal too: the action does not tell them apart.
 *
 * @see https://github.com/aws-actions/configure-aws-credentials#oidc
 */
export const configureAwsCredentials: ActionDefinition = {
  action: ACTION,
  limits:
    'Signs in with the token of the job, in no other way. Takes inputs from `with` only, not from variables. ' +
    'Waits half of the longest pause before each retry.',
  seconds: 2,
  defaults: { audience: 'sts.amazonaws.com', 'output-env-credentials': 'true' },
  supports: [
    ...['audience', 'aws-region', 'role-to-assume', 'role-session-name', 'role-duration-seconds'],
    ...['allowed-account-ids', 'mask-aws-account-id', 'output-credentials', 'output-env-credentials'],
    ...['unset-current-credentials', 'disable-retry', 'retry-max-attempts', 'role-skip-session-tagging'],
  ],
  act: async (step, inputs) => {
    const region = inputs.required('aws-region');
    const toEnvironment = inputs.flag('output-env-credentials', true);
    if (toEnvironment) clearAtEnd(step);
    if (toEnvironment && inputs.flag('unset-current-credentials', false)) clear(step);
    if (!/^[a-z0-9-]+$/.test(region)) throw new ActionFailure(`Region is not valid: ${region}`);
    if (toEnvironment) for (const name of REGIONS) step.exportVariable(name, region);
    const session = await signIn(step, inputs, region);
    handOut(step, inputs, session, toEnvironment);
    await checkAccount(step, inputs, region, session.keys);
  },
};

interface Session {
  readonly keys: Keys & { readonly sessionToken: string };
  readonly expiration: string;
}

async function signIn(step: ActionRun, inputs: Inputs, region: string): Promise<Session> {
  const role = inputs.text('role-to-assume');
  if (role === '' || !mayAskForToken(step)) refuseWithoutToken(step, role);
  const tries = inputs.flag('disable-retry', false) ? 1 : triesOf(inputs);
  const token = await retried(step, tries, () => oidcToken(step, inputs.text('audience'))).catch((error) => {
    throw new ActionFailure(`getIDToken call failed: ${messageOf(error)}`);
  });
  if (!role.startsWith('arn:aws')) {
    throw new ActionFailure('Source Account ID is needed if the Role Name is provided and not the Role Arn.');
  }
  step.log('Assuming role with OIDC');
  const answer = await retried(step, tries, () => assumeRole(step, inputs, region, token));
  step.log(`Authenticated as assumedRoleId ${answer.AssumedRoleUser?.AssumedRoleId ?? ''}`);
  return sessionOf(answer);
}

function refuseWithoutToken(step: ActionRun, role: string): never {
  if (role !== '') {
    step.log(
      'It looks like you might be trying to authenticate with OIDC. Did you mean to set the `id-token` permission? ' +
        'If you are not trying to authenticate with OIDC and the action is working successfully, you can ignore this message.',
    );
  }
  if (keysOf(step.env) !== undefined) throw notRehearsed(ACTION, 'credentials that are there already');
  throw new ActionFailure(
    'Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers',
  );
}

const triesOf = (inputs: Inputs): number =>
  Math.max(1, Number.parseInt(inputs.text('retry-max-attempts'), 10) || DEFAULT_TRIES);

async function assumeRole(
  step: ActionRun,
  inputs: Inputs,
  region: string,
  token: string,
): Promise<AssumeRoleWithWebIdentityCommandOutput> {
  const client = new STSClient(clientSettings(step, 'STS', region));
  const request = new AssumeRoleWithWebIdentityCommand({
    RoleArn: inputs.text('role-to-assume'),
    RoleSessionName: inputs.text('role-session-name') || 'GitHubActions',
    DurationSeconds: Number.parseInt(inputs.text('role-duration-seconds'), 10) || DEFAULT_DURATION_SECONDS,
    WebIdentityToken: token,
  });
  try {
    return await client.send(request);
  } catch (error) {
    throw new ActionFailure(`Could not assume role with OIDC: ${messageOf(error)}`);
  } finally {
    client.destroy();
  }
}

function sessionOf({ Credentials }: AssumeRoleWithWebIdentityCommandOutput): Session {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) throw new Error('STS answered without credentials');
  return {
    keys: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    expiration: Expiration?.toISOString() ?? '',
  };
}

function handOut(
  step: ActionRun,
  inputs: Inputs,
  { keys, expiration }: Session,
  toEnvironment: boolean,
): void {
  const values = [keys.accessKeyId, keys.secretAccessKey, keys.sessionToken];
  values.forEach((value) => step.mask(value));
  if (toEnvironment) KEYS.forEach((name, index) => step.exportVariable(name, values[index] ?? ''));
  if (!inputs.flag('output-credentials', false)) return;
  step.output('aws-access-key-id', keys.accessKeyId);
  step.output('aws-secret-access-key', keys.secretAccessKey);
  step.output('aws-session-token', keys.sessionToken);
  step.output('aws-expiration', expiration);
}

async function checkAccount(step: ActionRun, inputs: Inputs, region: string, keys: Keys): Promise<void> {
  const client = new STSClient(clientSettings(step, 'STS', region, keys));
  const account = await client
    .send(new GetCallerIdentityCommand({}))
    .then(({ Account }) => Account ?? 'unknown')
    .catch((error: unknown) => {
      throw new ActionFailure(`Could not validate account ID of credentials: ${messageOf(error)}`);
    })
    .finally(() => client.destroy());
  if (inputs.flag('mask-aws-account-id', false)) step.mask(account);
  step.output('aws-account-id', account);
  const allowed = inputs.list('allowed-account-ids');
  if (allowed.length === 0 || allowed.includes(account)) return;
  throw new ActionFailure(
    `The account ID of the provided credentials (${account}) does not match any of the expected account IDs: ${allowed.join(', ')}`,
  );
}

function clear(step: ActionRun): void {
  for (const name of [...KEYS, ...REGIONS]) step.exportVariable(name, '');
}

const clearAtEnd = (step: ActionRun): void => step.atEnd(() => clear(step));
