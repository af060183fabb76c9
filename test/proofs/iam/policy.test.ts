import { evaluate, parsePolicy } from '../../../proofs/iam';

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
