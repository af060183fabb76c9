import * as hosting from '@aws-sdk/client-sagemaker';
import * as runtime from '@aws-sdk/client-sagemaker-runtime';
import { LockstepError } from '../../../contract';
import type { VirtualClock } from '../../clock/virtual-clock';
import { type AnswerRule, invokeEndpoint } from '../sagemaker-runtime';
import type { AwsService, Made, Operation, TemplateResource } from '../service';
import type { ContainerRule } from './behaviour';
import { configAt } from './fleet';
import {
  deployForeign,
  type EndpointName,
  type EndpointView,
  type ForeignVersion,
  rollBack,
  setCapacity,
  setInstances,
  viewOf,
} from './foreign';
import { live } from './life';
import type { Moment } from './moment';
import { endpointConfigOperations } from './operations/endpoint-configs';
import { endpointOperations } from './operations/endpoints';
import { modelOperations } from './operations/models';
import { CALM, type SageMakerPorts } from './ports';
import { emptyState, type SageMakerState } from './state';

export type { AnswerRule, ModelAnswer } from '../sagemaker-runtime';
export type { ContainerBehaviour, ContainerRule } from './behaviour';
export type { EndpointName, EndpointView, ForeignVersion } from './foreign';
export * from './ports';
export { modelSources } from './sources';
export type { SageMakerState, Timing } from './state';

/** The pipeline makes these: what a template says about them would be left out in silence. */
const REFUSED: AwsService['makes'] = Object.fromEntries(
  ['Model', 'EndpointConfig', 'Endpoint'].map((kind) => [`AWS::SageMaker::${kind}`, refuse]),
);

function refuse({ stack, logicalId, path, type }: TemplateResource): Made {
  throw new LockstepError('NotRehearsed', {
    place: path || `${stack}/${logicalId}`,
    value: type,
    allowed: 'models, endpoint configurations and endpoints that the pipeline makes',
    change: 'leave it to the pipeline, or add the type to rehearsal/aws/sagemaker',
  });
}

/**
 * SageMaker hosting with real-time endpoints of one container for each model, for any number of accounts and regions,
 * and the runtime that invokes them: both have the same name in signatures and in IAM. It does not model inference
 * components, serverless, asynchronous or shadow variants, pipelines of containers, several models in a container, the
 * network, or endpoints that a template makes.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/realtime-endpoints.html
 */
export class SageMakerService implements AwsService {
  readonly signingName = 'sagemaker';
  readonly protocol = 'json';
  readonly schemas = { ...hosting, ...runtime };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly makes = REFUSED;
  state: SageMakerState = emptyState();
  private readonly clock: VirtualClock;
  private readonly ports: SageMakerPorts;

  /** @param options what is left out of the ports is calm: images and artifacts are there, no alarm rings */
  constructor({ clock, ...ports }: { readonly clock: VirtualClock } & Partial<SageMakerPorts>) {
    this.clock = clock;
    this.ports = { ...CALM, ...ports };
    const moment = (): Moment => this.now();
    this.operations = {
      ...modelOperations(moment),
      ...endpointConfigOperations(moment),
      ...endpointOperations(moment),
      InvokeEndpoint: invokeEndpoint(moment, clock),
    };
    clock.onStep(() => {
      for (const endpoint of this.state.endpoints) live(this.now(), endpoint);
    });
  }

  /** Containers of fleets that are started from now on behave by these rules, before those that were given earlier. */
  behave(...rules: readonly ContainerRule[]): void {
    this.state.containers = [...rules, ...this.state.containers];
  }

  /** Models answer by these rules from now on, before those that were given earlier. */
  answer(...rules: readonly AnswerRule[]): void {
    this.state.answers = [...rules, ...this.state.answers];
  }

  /** Somebody else deploys a version, past the pipeline. */
  deployForeign(name: EndpointName, version: ForeignVersion): void {
    deployForeign(this.now(), name, version);
  }

  /**
   * SageMaker goes back in the middle of an update.
   *
   * @param reason what `FailureReason` will say. @default - nothing tells of the rollback
   */
  rollBack(name: EndpointName, reason?: string): void {
    rollBack(this.now(), name, reason);
  }

  /** Autoscaling, or somebody, wants another number of instances. */
  setInstances(name: EndpointName, instances: number): void {
    setInstances(this.now(), name, instances);
  }

  /** @param possible false: AWS has no more instances of the type */
  setCapacity(account: string, instanceType: string, possible: boolean): void {
    setCapacity(this.now(), account, instanceType, possible);
  }

  /** Undefined where there is no such endpoint. */
  endpoint(name: EndpointName): EndpointView | undefined {
    return viewOf(this.now(), name);
  }

  /** Updates that have not ended, endpoints that failed, and such as run a configuration that was deleted. */
  leftovers(): readonly string[] {
    return this.state.endpoints.flatMap((endpoint) => {
      const place = `sagemaker: ${endpoint.account} ${endpoint.name}`;
      const { status, config } = endpoint;
      const atRest = status === 'InService' ? [] : [`${place} is ${status}`];
      const isThere = configAt(this.now(), endpoint, config) !== undefined;
      return isThere ? atRest : [...atRest, `${place} runs ${config}, which was deleted`];
    });
  }

  /** The model now. Ports and state are read anew each time: a situation may have been put back. */
  now(): Moment {
    return { state: this.state, now: this.clock.now(), ports: this.ports };
  }
}
