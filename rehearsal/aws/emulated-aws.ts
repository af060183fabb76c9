import type { TemplateSource } from '../../proofs/artefacts';
import type { VirtualClock } from '../clock/virtual-clock';
import { PAGERDUTY_HOST, pagerDutyHandler, SLACK_HOST, slackHandler } from '../channels';
import { hubHandler, isHubPath } from '../docker-hub';
import { GITHUB_API_HOST, githubHandler } from '../github-api';
import type { Workshop } from '../machine';
import { deployTemplates } from './cloudformation/deploy-templates';
import { registryHandler } from './ecr';
import type { SeenCall } from './seen-call';
import { Api } from './server/api';
import { Forecast } from './server/forecast';
import { Gate, HangUp } from './server/gate';
import { HttpServer } from './server/http-server';
import { CallRecord } from './server/record';
import { checkUpstreams, type Upstreams } from './server/upstreams';
import type { AwsService } from './service';
import { servicesOf } from './services';
import { type Situation, situationOf, takeUp } from './situation';
import type { TokenReader } from './sts';
import type { Weather } from './weather';
import { createWorld, type World } from './world';

export type { Situation } from './situation';
export type { TokenReader } from './sts';
export type { World } from './world';

export interface EmulatedAwsOptions {
  readonly clock: VirtualClock;
  /** What was deployed. What they lack does not exist. */
  readonly templates: readonly TemplateSource[];
  readonly tokens: TokenReader;
  /**
   * Base URLs of other emulators, by signing name: calls to these services are authorised here and answered
   * there.
   *
   * @default - every service is answered here
   */
  readonly against?: Upstreams;
  /** Where scripts of machines run. @default - a command that is sent to one is a fault of the emulator */
  readonly workshop?: Workshop;
}

/** How much virtual time a call takes. */
const CALL_SECONDS = 0.1;

/**
 * AWS on one port of loopback, with the accounts that the templates make. SDKs and the AWS CLI speak to it as to
 * AWS; who may do what, IAM decides by the roles of the templates.
 */
export class EmulatedAws {
  readonly world: World;
  private readonly record = new CallRecord();
  private readonly forecast = new Forecast();
  private readonly services: ReadonlyMap<string, AwsService>;
  private readonly clock: VirtualClock;
  private readonly server: HttpServer;
  private endpoint = '';

  /** @throws LockstepError where a template or an option holds something that is not emulated */
  constructor({ clock, templates, tokens, against = {}, workshop }: EmulatedAwsOptions) {
    this.clock = clock;
    this.world = createWorld({
      clock,
      tokens,
      endpoint: () => this.endpoint,
      inside: (call) => api.inside(call),
    });
    if (workshop) this.world.machines.open(workshop);
    this.services = servicesOf(this.world);
    checkUpstreams(against, [...this.services.keys()]);
    const { cloudformation, iam, sts, ssm, ecr } = this.world;
    deployTemplates(templates, [...this.services.values()], (...where) => ssm.get(...where));
    for (const template of templates) cloudformation.deployed(template);
    const { record, forecast } = this;
    const gate = new Gate({ clock, iam, forecast, record });
    const api = new Api({ clock, services: this.services, sts, gate, record, against });
    const registry = registryHandler(ecr, clock, (caller, region, questions) => {
      if (gate.pass({ caller, region, questions, protocol: 'json' }) === 'reset') throw new HangUp();
    });
    const hub = hubHandler(this.world.dockerHub);
    this.server = new HttpServer({
      now: () => clock.now(),
      arrive: () => {
        clock.pass(CALL_SECONDS);
      },
      api: (request) => api.answer(request),
      raw: {
        v2: (request, body, response) =>
          (isHubPath(request.url ?? '') ? hub : registry)(request, body, response),
        [SLACK_HOST]: slackHandler(this.world.channels, () => clock.now()),
        [PAGERDUTY_HOST]: pagerDutyHandler(this.world.channels, () => clock.now()),
        [GITHUB_API_HOST]: githubHandler(this.world.github),
      },
      failed: (failure) => {
        record.fail(failure);
      },
    });
  }

  /** Every call that came, in order. */
  get calls(): readonly SeenCall[] {
    return this.record.calls;
  }

  /** Faults of the emulator. With one, a rehearsal says nothing. */
  get failures(): readonly string[] {
    return this.record.failures;
  }

  /** @returns base URL */
  async start(): Promise<string> {
    this.endpoint = await this.server.start();
    return this.endpoint;
  }

  async stop(): Promise<void> {
    this.world.machines.close();
    await this.server.stop();
  }

  /** @returns what ends the weather before its calls are used up */
  addWeather(weather: Weather): () => void {
    return this.forecast.add(weather);
  }

  /** Tells of each call that comes from now on, as IAM has decided and before it takes effect. */
  onCall(listener: (call: SeenCall) => void): void {
    this.record.onCall(listener);
  }

  /** A copy of everything that the services remember. Calls that were seen and weather are no part of it. */
  snapshot(): Situation {
    return situationOf(this.services, this.clock);
  }

  /** Takes up a situation of the same templates. Time goes on until its moment first. */
  restore(situation: Situation): void {
    takeUp(situation, this.services, this.clock);
  }

  /** What a run should not have left behind, one line each. */
  leftovers(): readonly string[] {
    return [...this.services.values()].flatMap((service) => service.leftovers());
  }
}
