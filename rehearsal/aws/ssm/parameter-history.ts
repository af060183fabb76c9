import { ApiFault, type Call, type Input, page, stringOf } from '../service';
import { readReference } from './names';
import type { SsmState } from './state';

/** Most values on one page. */
const MOST = 50;

/**
 * Every value that a parameter had, oldest first.
 *
 * @throws ApiFault `ParameterNotFound`
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html
 */
export function parameterHistory({ parameters }: SsmState, input: Input, { account, region }: Call): object {
  const text = stringOf(input, 'Name');
  const stored = parameters.get(readReference(text, account, region).arn);
  if (!stored) throw new ApiFault('ParameterNotFound', `Parameter ${text} not found.`);
  const asked = { maxResults: input.MaxResults, nextToken: input.NextToken };
  const { items, nextToken } = page(asked, stored.versions, MOST);
  const { name: Name, type: Type, description, allowedPattern } = stored;
  const Parameters = items.map(({ value, version: Version, at, by }) => ({
    ...{ Name, Type, Version, LastModifiedDate: new Date(at), Tier: 'Standard', DataType: 'text' },
    Value: Type === 'SecureString' && input.WithDecryption !== true ? hidden(Version) : value,
    ...(by !== undefined && { LastModifiedUser: by }),
    ...(description !== undefined && { Description: description }),
    ...(allowedPattern !== undefined && { AllowedPattern: allowedPattern }),
  }));
  return { Parameters, ...(nextToken !== undefined && { NextToken: nextToken }) };
}

/** What those see of a `SecureString` who do not ask for it in the clear. */
export const hidden = (version: number): string =>
  Buffer.from(`encrypted under alias/aws/ssm, version ${version}`).toString('base64');
