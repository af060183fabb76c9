import { evaluate, evaluateServiceTrust, parsePolicy } from '../../../proofs/iam';

const request = { action: 'ecs:UpdateService', resource: 'arn:aws:ecs:eu-west-1:111122223333:service/a/b' };

describe('a parsed policy', () => {
  const policy = parsePolicy(
    'Calls',
    {
      Version: '2012-10-17',
      Statement: {
        Sid: 'Deploy',
        Effect: 'Allow',
        Action: ['ecs:Update*', 'ecs:DescribeServices'],
        NotResource: 'arn:aws:ecs:*:*:service/b/*',
        Condition: { 'ForAnyValue:ArnLike': { 'ecs:cluster': 'arn:aws:ecs:*:*:cluster/a' } },
      },
    },
    'identity',
  );

  test('shows its statements as plain lists', () => {
    expect(policy).toMatchObject({ name: 'Calls', kind: 'identity', version: '2012-10-17' });
    expect(policy.statements).toMatchObject([
      {
        index: 0,
        sid: 'Deploy',
        effect: 'Allow',
        place: 'policy "Calls", Statement[0]',
        action: { negated: false, patterns: ['ecs:Update*', 'ecs:DescribeServices'] },
        resource: { negated: true, patterns: ['arn:aws:ecs:*:*:service/b/*'] },
        conditions: [
          { operator: 'ForAnyValue:ArnLike', key: 'ecs:cluster', values: ['arn:aws:ecs:*:*:cluster/a'] },
        ],
      },
    ]);
  });

  test('has no version of the newer language unless it says so', () => {
    const statement = { Effect: 'Deny', Action: '*', Resource: '*' };
    expect(parsePolicy('p', { Statement: statement }, 'identity').version).toBe('2008-10-17');
  });

  test('explains each candidate statement in one line', () => {
    expect(evaluate({ identity: [policy] }, { ...request, context: {} })).toEqual({
      effect: 'implicitlyDenied',
      because: [
        'statement 0 "Deploy" of policy "Calls": Condition ForAnyValue:ArnLike ecs:cluster: ' +
          'got nothing, allowed "arn:aws:ecs:*:*:cluster/a"',
      ],
    });
  });

  test('tells every condition that failed', () => {
    const strict = parsePolicy(
      'Calls',
      {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: 'ecs:*',
          Resource: '*',
          Condition: {
            StringEquals: { 'aws:username': 'a', 'aws:userid': 'b' },
            StringNotLike: { 'a:b': ['c*', 'd'] },
          },
        },
      },
      'identity',
    );
    const [line] = evaluate(
      { identity: [strict] },
      { ...request, context: { 'aws:userid': 'b', 'a:b': 'd' } },
    ).because;
    expect(line).toBe(
      'statement 0 of policy "Calls": Condition StringEquals aws:username: got nothing, allowed "a"; ' +
        'Condition StringNotLike a:b: got "d", allowed anything but "c*" or "d"',
    );
  });
});

describe('a value that a template does not know yet', () => {
  class Unresolved {
    toString(): string {
      return '<Ref Bucket>';
    }
  }

  test.each([
    [
      'in a list',
      { Effect: 'Allow', Action: 's3:*', Resource: ['*', new Unresolved()] },
      /Resource\[1\]: got <Ref Bucket>/,
    ],
    [
      'as element',
      { Effect: 'Allow', Action: new Unresolved(), Resource: '*' },
      /Statement\[0\].Action: got <Ref Bucket>/,
    ],
    ['as statement', new Unresolved(), /Statement\[0\]: got <Ref Bucket>/],
  ])('is refused %s', (_, statement, message) => {
    const parse = () => parsePolicy('p', { Version: '2012-10-17', Statement: [statement] }, 'identity');
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ code: 'UnsupportedPolicy' }));
  });

  test('is refused as document', () => {
    expect(() => parsePolicy('p', new Unresolved(), 'identity')).toThrow(/policy "p": got <Ref Bucket>/);
    expect(() => parsePolicy('p', null, 'identity')).toThrow(/policy "p": got null/);
  });
});

describe('trust in a service', () => {
  const trusting = (principal: unknown, more: object = {}) =>
    parsePolicy(
      'trust',
      {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: principal,
          Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
          ...more,
        },
      },
      'trust',
    );
  const ours = { 'aws:SourceAccount': '111122223333' };
  const effectOf = (policy: ReturnType<typeof trusting>, context: Record<string, string>) =>
    evaluateServiceTrust(policy, { service: 'sagemaker.amazonaws.com', action: 'sts:AssumeRole', context })
      .effect;
  const service = { Service: 'sagemaker.amazonaws.com' };

  test.each<readonly [string, ReturnType<typeof trusting>, Record<string, string>, string]>([
    ['is given to the service in the name of the account', trusting(service), ours, 'allowed'],
    ['is not given in the name of nobody', trusting(service), {}, 'implicitlyDenied'],
    [
      'is not given in the name of another account',
      trusting(service),
      { 'aws:SourceAccount': '444455556666' },
      'implicitlyDenied',
    ],
    ['is not given to another service', trusting({ Service: 'ecs.amazonaws.com' }), ours, 'implicitlyDenied'],
    ['is given where everybody is trusted', trusting('*'), ours, 'allowed'],
    ['is taken back', trusting(service, { Effect: 'Deny' }), ours, 'explicitlyDenied'],
  ])('%s', (_name, policy, context, effect) => {
    expect(effectOf(policy, context)).toBe(effect);
  });

  test('is not judged where all but some are meant', () => {
    const statement = { Effect: 'Deny', Action: 'sts:AssumeRole', NotPrincipal: service };
    const policy = parsePolicy('trust', { Version: '2012-10-17', Statement: statement }, 'trust');
    expect(() => effectOf(policy, ours)).toThrow('NotPrincipal');
  });
});
