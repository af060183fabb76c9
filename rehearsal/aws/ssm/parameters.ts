import { optionalString, refuseOthers } from '../modelled-members';
import { ApiFault, type Call, type Input, type Operation, page, stringOf, stringsOf } from '../service';
import { arnOf, readReference } from './names';
import { hidden, parameterHistory } from './parameter-history';
import { publicParameter } from './public-parameters';
import { withValue } from './put-parameter';
import type { ParameterType, ParameterVersion, SsmState, StoredParameter } from './state';

const API = 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_';

/** Most names in one call, and most parameters on one page of a path. */
const MOST = 10;

const TYPES: readonly unknown[] = ['String', 'StringList', 'SecureString'] satisfies readonly ParameterType[];

/** Who holds the state: read anew each time, because a situation that is taken up again replaces it. */
export interface SsmHolder {
  readonly state: SsmState;
}

/** Parameter Store. */
export function parameterOperations(ssm: SsmHolder): Readonly<Record<string, Operation>> {
  const operation = (
    name: string,
    members: readonly string[],
    resources: (input: Input, call: Call) => readonly string[],
    handle: (input: Input, call: Call) => object,
    context?: (input: Input) => Readonly<Record<string, string>>,
  ): Operation => ({
    source: `${API}${name}.html`,
    questions: (input, call) =>
      resources(input, call).map((resource) => ({
        action: `ssm:${name}`,
        resource,
        ...(context && { context: context(input) }),
      })),
    handle: (input, call) => {
      refuseOthers(`ssm:${name}`, input, members);
      return handle(input, call);
    },
  });
  const one = (input: Input, call: Call): readonly string[] => [named(input, call)];
  const many = (input: Input, { account, region }: Call): readonly string[] =>
    stringsOf(input, 'Names').map((name) => readReference(name, account, region).arn);
  const path = (input: Input, { account, region }: Call) => [arnOf(account, region, stringOf(input, 'Path'))];
  return {
    GetParameter: operation('GetParameter', ['Name', 'WithDecryption'], one, (input, call) => {
      const name = stringOf(input, 'Name');
      const Parameter = read(ssm, name, input, call);
      if (!Parameter) throw notFound(name);
      return { Parameter };
    }),
    GetParameters: operation('GetParameters', ['Names', 'WithDecryption'], many, (input, call) => {
      const names = stringsOf(input, 'Names');
      if (names.length > MOST) throw new ApiFault('ValidationException', `Names: at most ${MOST}`);
      const found = names.map((name) => ({ name, parameter: known(() => read(ssm, name, input, call)) }));
      return {
        Parameters: found.flatMap(({ parameter }) => parameter ?? []),
        InvalidParameters: found.flatMap(({ name, parameter }) => (parameter ? [] : name)),
      };
    }),
    GetParametersByPath: operation(
      'GetParametersByPath',
      ['Path', 'Recursive', 'WithDecryption', 'MaxResults', 'NextToken'],
      path,
      (input, call) => byPath(ssm, input, call),
      (input) => ({ 'ssm:Recursive': String(input.Recursive === true) }),
    ),
    GetParameterHistory: operation(
      'GetParameterHistory',
      ['Name', 'WithDecryption', 'MaxResults', 'NextToken'],
      one,
      (input, call) => parameterHistory(ssm.state, input, call),
    ),
    PutParameter: operation(
      'PutParameter',
      ['Name', 'Value', 'Type', 'Overwrite', 'Description', 'AllowedPattern', 'Tier', 'DataType'],
      one,
      (input, call) => put(ssm, input, call),
      (input) => ({ 'ssm:Overwrite': String(input.Overwrite === true) }),
    ),
    DeleteParameter: operation('DeleteParameter', ['Name'], one, (input, call) => {
      if (!ssm.state.parameters.delete(named(input, call))) throw notFound(stringOf(input, 'Name'));
      return {};
    }),
  };
}

const named = (input: Input, { account, region }: Call): string =>
  readReference(stringOf(input, 'Name'), account, region).arn;

const notFound = (name: string): ApiFault =>
  new ApiFault('ParameterNotFound', `Parameter ${name} not found.`);

/** What cannot be read is one more invalid name where a call asks for several. */
function known<T>(reads: () => T): T | undefined {
  try {
    return reads();
  } catch (error) {
    if (error instanceof ApiFault && error.type === 'ParameterVersionNotFound') return undefined;
    throw error;
  }
}

function read(
  { state }: SsmHolder,
  text: string,
  input: Input,
  { account, region, now }: Call,
): object | undefined {
  const { arn, name, selector } = readReference(text, account, region);
  const published = publicParameter(name);
  const stored = state.parameters.get(arn);
  if (!stored && published === undefined) return undefined;
  if (!stored)
    return describe(arn, { name, type: 'String' }, { version: 1, value: published ?? '', at: now }, input);
  const version =
    selector === undefined
      ? stored.versions.at(-1)
      : stored.versions.find((each) => `:${each.version}` === selector);
  if (version) return { ...describe(arn, stored, version, input), ...(selector && { Selector: selector }) };
  const text404 = `Systems Manager could not find version ${selector?.slice(1)} of ${name}.`;
  throw new ApiFault('ParameterVersionNotFound', text404);
}

/** The value of a `SecureString` is shown to those only who ask for it in the clear. */
function describe(
  ARN: string,
  { name, type }: Pick<StoredParameter, 'name' | 'type'>,
  { version, value, at }: ParameterVersion,
  { WithDecryption }: Input,
): object {
  const Value = type === 'SecureString' && WithDecryption !== true ? hidden(version) : value;
  return {
    Name: name,
    Type: type,
    Value,
    Version: version,
    LastModifiedDate: new Date(at),
    ARN,
    DataType: 'text',
  };
}

function byPath(ssm: SsmHolder, input: Input, { account, region }: Call): object {
  const path = stringOf(input, 'Path').replace(/\/?$/, '/');
  if (!path.startsWith('/')) throw new ApiFault('ValidationException', 'Path begins with /');
  const below = [...ssm.state.parameters].filter(
    ([, stored]) =>
      stored.account === account &&
      stored.region === region &&
      stored.name.startsWith(path) &&
      (input.Recursive === true || !stored.name.slice(path.length).includes('/')),
  );
  const sorted = below.sort(([one], [other]) => (one < other ? -1 : 1));
  const { items, nextToken } = page(
    { maxResults: input.MaxResults, nextToken: input.NextToken },
    sorted,
    MOST,
  );
  const Parameters = items.flatMap(([arn, stored]) => {
    const version = stored.versions.at(-1);
    return version ? describe(arn, stored, version, input) : [];
  });
  return { Parameters, ...(nextToken !== undefined && { NextToken: nextToken }) };
}

function put(ssm: SsmHolder, input: Input, { account, region, now, caller }: Call): object {
  const { arn, name } = readReference(stringOf(input, 'Name'), account, region);
  const type = optionalString(input, 'Type');
  if (type !== undefined && !isType(type)) throw new ApiFault('UnsupportedParameterType', `Type: ${type}`);
  const overwrite = input.Overwrite === true;
  const unmodelled = { Tier: [undefined, 'Standard'], DataType: [undefined, 'text'] };
  for (const [member, values] of Object.entries(unmodelled)) {
    if (!values.includes(input[member] as string | undefined))
      refuseOthers('ssm:PutParameter', { [member]: true }, []);
  }
  const stored = withValue(ssm.state.parameters.get(arn), {
    account,
    region,
    name,
    value: stringOf(input, 'Value'),
    type,
    overwrite,
    allowedPattern: optionalString(input, 'AllowedPattern'),
    description: optionalString(input, 'Description'),
    at: now,
    by: caller?.arn,
  });
  ssm.state.parameters.set(arn, stored);
  return { Version: stored.versions.at(-1)?.version, Tier: 'Standard' };
}

const isType = (type: string): type is ParameterType => TYPES.includes(type);
