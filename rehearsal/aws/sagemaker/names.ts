import type { Place } from '../place';
import { ApiFault } from '../service';

type Kind = 'model' | 'endpoint-config' | 'endpoint';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html */
export const sageMakerArn = ({ account, region }: Place, kind: Kind, name: string): string =>
  `arn:aws:sagemaker:${region}:${account}:${kind}/${name}`;

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** @throws ApiFault `ValidationException` */
export function checkName(member: string, name: string): void {
  if (NAME.test(name)) return;
  const where = `Value '${name}' at '${member}' failed to satisfy constraint`;
  throw invalid(
    `1 validation error detected: ${where}: Member must satisfy regular expression pattern: ${NAME.source}`,
  );
}

/** SageMaker answers with this to nearly everything that it refuses, missing things among them. */
export const invalid = (message: string): ApiFault => new ApiFault('ValidationException', message);

/** What people and messages call each kind. */
const WORDS: Readonly<Record<Kind, string>> = {
  model: 'model',
  'endpoint-config': 'endpoint configuration',
  endpoint: 'endpoint',
};

export const notFound = (kind: Kind, arn: string): ApiFault =>
  invalid(`Could not find ${WORDS[kind]} "${arn}".`);

export const alreadyThere = (kind: Kind, arn: string): ApiFault =>
  invalid(`Cannot create already existing ${WORDS[kind]} "${arn}".`);

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/logging-cloudwatch.html */
export const logGroup = (endpoint: string): string => `/aws/sagemaker/Endpoints/${endpoint}`;
