import { type Operation, page, stringOf } from '../../../rehearsal/aws/service';
import type { SsmService } from '../../../rehearsal/aws/ssm';

/** Largest page that AWS gives. */
const MOST = 50;

/** `GetParameterHistory` of the emulated Parameter Store: every value that a parameter had, oldest first. */
export const parameterHistory = (ssm: SsmService): Operation => ({
  source: 'https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html',
  questions: (input, { account, region }) => [
    {
      action: 'ssm:GetParameterHistory',
      resource: `arn:aws:ssm:${region}:${account}:parameter${stringOf(input, 'Name')}`,
    },
  ],
  handle: (input, { account, region }) => {
    const Name = stringOf(input, 'Name');
    const asked = { maxResults: input.MaxResults, nextToken: input.NextToken };
    const { items, nextToken } = page(asked, ssm.history(account, region, Name), MOST);
    const Parameters = items.map(({ value: Value, version: Version, at }) => ({
      ...{ Name, Type: 'String', Value, Version, LastModifiedDate: new Date(at) },
    }));
    return { Parameters, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
  },
});
