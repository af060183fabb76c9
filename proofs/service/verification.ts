import type { Artefacts, Resource } from '../artefacts';
import type { Checked } from '../calls/text';
import { record, said } from '../flow/capacity/template-values';
import { codeDifference, VERIFICATION_CODE } from './reviewed-code';
import { type TemplateService, templateServices, unless, wrongAt } from './template';

const FUNCTION = 'AWS::Lambda::Function';
/** What the reviewed code is written for. @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html */
const RUNTIME = 'nodejs22.x';
const HANDLER = 'index.handler';
/** Variables that the code reads, and the one by which Node.js leaves certificates unchecked. */
const VARIABLES: ReadonlySet<string> = new Set([
  'PRODUCTION_URL',
  'TEST_URL',
  'EXPECTED_STATUS',
  'LATENCY_MS',
  'TRIES',
  'PAUSE_MS',
  'NODE_TLS_REJECT_UNAUTHORIZED',
]);

/** The function that a service is verified with; undefined where nobody verifies, or no template makes it. */
export function functionOf({ spec, service, index }: TemplateService): Resource | undefined {
  const name = spec.verification?.functionName;
  if (name === undefined) return undefined;
  return index.all(service, FUNCTION).find(({ properties }) => properties.FunctionName === name);
}

/** Its environment. */
export const environmentOf = ({ properties }: Resource) => record(record(properties.Environment).Variables);

/**
 * The function that judges a version runs the one file that was reviewed, and nothing that could change what it does.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html
 */
export function verificationCodeFaults(artefacts: Artefacts): Checked {
  const functions = templateServices(artefacts).flatMap((one) => functionOf(one) ?? []);
  return {
    checked: functions.length * 4,
    findings: functions.flatMap((one) =>
      wrongAt(one.path, `run ${VERIFICATION_CODE} and nothing else`, wrongIn(one)),
    ),
  };
}

function wrongIn({ properties }: Resource) {
  const { ZipFile: code } = record(properties.Code);
  const difference = typeof code === 'string' ? codeDifference(code) : undefined;
  const strangers = Object.keys(record(record(properties.Environment).Variables)).filter(
    (name) => !VARIABLES.has(name),
  );
  return [
    ...unless(typeof code === 'string', 'code that the template does not tell', VERIFICATION_CODE),
    ...(difference ? [difference] : []),
    ...unless(properties.Runtime === RUNTIME, `Runtime ${said(properties.Runtime)}`, RUNTIME),
    ...unless(properties.Handler === HANDLER, `Handler ${said(properties.Handler)}`, HANDLER),
    ...unless(
      properties.Layers === undefined,
      `Layers ${said(properties.Layers)}`,
      'the reviewed code alone',
    ),
    ...unless(
      strangers.length === 0,
      `the variables ${strangers.join(', ')}`,
      `${[...VARIABLES].join(', ')}: Node.js reads options from others`,
    ),
  ];
}
