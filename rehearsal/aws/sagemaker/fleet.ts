import { isAt, type Place } from '../place';
import { containerBehaviour } from './behaviour';
import { fetchedBy } from './model-content';
import type { Moment } from './moment';
import { notFound, sageMakerArn } from './names';
import type { ConfigState, FleetState, ModelState, VariantState } from './state';

export const modelAt = ({ state }: Moment, place: Place, name: string): ModelState | undefined =>
  state.models.find((each) => isAt(each, place) && each.name === name);

export const configAt = ({ state }: Moment, place: Place, name: string): ConfigState | undefined =>
  state.configs.find((each) => isAt(each, place) && each.name === name);

/** @throws ApiFault `ValidationException` */
export function modelNamed(moment: Moment, place: Place, name: string): ModelState {
  const found = modelAt(moment, place, name);
  if (found) return found;
  throw notFound('model', sageMakerArn(place, 'model', name));
}

/** @throws ApiFault `ValidationException` */
export function configNamed(moment: Moment, place: Place, name: string): ConfigState {
  const found = configAt(moment, place, name);
  if (found) return found;
  throw notFound('endpoint-config', sageMakerArn(place, 'endpoint-config', name));
}

/**
 * The fleet that a configuration asks for.
 *
 * @throws ApiFault `ValidationException` where a model is gone
 */
export function fleetOf(moment: Moment, config: ConfigState, endpoint: string): FleetState {
  const variants = (config.content.ProductionVariants ?? []).map((variant): VariantState => {
    const { content } = modelNamed(moment, config, variant.ModelName ?? '');
    const healthyWithin = variant.ContainerStartupHealthCheckTimeoutInSeconds;
    return {
      name: variant.VariantName ?? '',
      model: variant.ModelName ?? '',
      ...fetchedBy(content),
      instanceType: variant.InstanceType ?? '',
      ...(healthyWithin !== undefined && { healthyWithin }),
      desired: variant.InitialInstanceCount ?? 1,
      weight: variant.InitialVariantWeight ?? 1,
    };
  });
  const image = variants[0]?.image ?? '';
  const subject = { account: config.account, endpoint, image, config: config.name };
  const behaviour = containerBehaviour(moment.state.containers, subject);
  const { DataCaptureConfig: capture } = config.content;
  return { config: config.name, variants, behaviour, fetched: false, ...(capture && { capture }) };
}
