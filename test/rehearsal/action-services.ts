import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EcrService, registryHandler } from '../../rehearsal/aws/ecr';
import type { Authorise } from '../../rehearsal/aws/raw-handler';
import { ApiFault } from '../../rehearsal/aws/service';
import { VirtualClock } from '../../rehearsal/clock/virtual-clock';

export const ACCOUNT = '222222222222';
export const REGISTRY = `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com`;

/** What STS answers, one entry for each call; the last one stays. */
export type StsAnswer = 'session' | 'denied' | 'throttled';

/** GitHub's token endpoint, STS and ECR with its registry, on loopback. */
export class Services {
  readonly clock = new VirtualClock();
  readonly ecr = new EcrService({ clock: this.clock });
  readonly asked: string[] = [];
  readonly registryCalls: string[] = [];
  sts: StsAnswer[] = ['session'];
  /** Actions that IAM refuses. */
  denied: readonly string[] = [];
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));
  private endpoint = '';

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    this.endpoint = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this.endpoint;
  }

  stop(): Promise<unknown> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** Environment of a step of a job that may ask for a token. */
  get tokenEnv(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.endpoint}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret-of-the-job',
    };
  }

  /** Environment of a step after the job has signed in. */
  get signedIn(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'ASIA1',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
    };
  }

  makeRepository(name: string, mutability: string): void {
    this.ecr.makes['AWS::ECR::Repository']({
      stack: 'images',
      account: ACCOUNT,
      region: 'us-east-1',
      logicalId: 'Repository',
      path: 'images/Repository',
      type: 'AWS::ECR::Repository',
      properties: { RepositoryName: name, ImageTagMutability: mutability },
    });
  }

  private readonly authorise: Authorise = (_caller, _region, questions) => {
    for (const { action } of questions) {
      this.asked.push(action);
      if (this.denied.includes(action))
        throw new ApiFault('AccessDeniedException', `not authorized: ${action}`, 403);
    }
  };

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { url = '/', headers } = request;
    if (url.startsWith('/v2/')) {
      this.registryCalls.push(`${request.method ?? ''} ${url.split('/').slice(3).join('/')}`);
      await registryHandler(this.ecr, this.clock, this.authorise)(request, body, response);
    } else if (url.startsWith('/token')) {
      const known = headers.authorization === 'Bearer secret-of-the-job';
      const value = `token for ${new URL(url, this.endpoint).searchParams.get('audience')}`;
      response.writeHead(known ? 200 : 401).end(JSON.stringify(known ? { value } : {}));
    } else if (headers['x-amz-target'] !== undefined) this.answerEcr(body, response);
    else this.answerSts(new URLSearchParams(body.toString()), response);
  }

  private answerEcr(body: Buffer, response: ServerResponse): void {
    this.asked.push('ecr:GetAuthorizationToken');
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (this.denied.includes('ecr:GetAuthorizationToken')) {
      response
        .writeHead(400)
        .end(JSON.stringify({ __type: 'AccessDeniedException', message: 'not authorized' }));
      return;
    }
    const call = {
      caller: { arn: 'arn:aws:sts::1:assumed-role/r/s', account: ACCOUNT, role: 'arn:aws:iam::1:role/r' },
      account: ACCOUNT,
      region: 'us-east-1',
      now: this.clock.now(),
    };
    const answer = this.ecr.operations.GetAuthorizationToken!.handle(JSON.parse(body.toString()), call);
    const seconds = (_: string, value: unknown): unknown =>
      typeof value === 'string' && /^\d{4}-.*Z$/.test(value) ? Date.parse(value) / 1_000 : value;
    response.end(JSON.stringify(JSON.parse(JSON.stringify(answer), seconds)));
  }

  private answerSts(form: URLSearchParams, response: ServerResponse): void {
    const action = form.get('Action') ?? '';
    this.asked.push(
      [
        action,
        ...['RoleArn', 'RoleSessionName', 'DurationSeconds', 'WebIdentityToken'].map(
          (name) => form.get(name) ?? '',
        ),
      ]
        .join(' ')
        .trim(),
    );
    response.setHeader('content-type', 'text/xml');
    const answer =
      action === 'GetCallerIdentity' ? 'session' : this.sts.length > 1 ? this.sts.shift() : this.sts[0];
    if (answer === 'session') {
      response.end(
        `<${action}Response><${action}Result>${RESULTS[action] ?? ''}</${action}Result></${action}Response>`,
      );
      return;
    }
    const [code, message, status] =
      answer === 'denied'
        ? ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', 403]
        : ['Throttling', 'Rate exceeded', 400];
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
    response.writeHead(Number(status)).end(`<ErrorResponse>${error}</ErrorResponse>`);
  }
}

const RESULTS: Readonly<Record<string, string>> = {
  AssumeRoleWithWebIdentity:
    '<Credentials><AccessKeyId>ASIA7</AccessKeyId><SecretAccessKey>secret key</SecretAccessKey>' +
    '<SessionToken>session token</SessionToken><Expiration>2026-11-20T13:00:00Z</Expiration></Credentials>' +
    '<AssumedRoleUser><AssumedRoleId>AROA:run</AssumedRoleId><Arn>arn:aws:sts::222222222222:assumed-role/r/run</Arn></AssumedRoleUser>',
  GetCallerIdentity: `<Account>${ACCOUNT}</Account><Arn>arn:aws:sts::222222222222:assumed-role/r/run</Arn><UserId>AROA:run</UserId>`,
};
