import fc from 'fast-check';
import { actionGlob, type Decision, evaluate, glob, type IamRequest, parsePolicy } from '../../../proofs/iam';

/** The glob of IAM in its plainest form: exponential, but nothing in it can be wrong. */
function naive(pattern: string, value: string): boolean {
  const [head] = pattern;
  if (head === undefined) return value === '';
  const rest = pattern.slice(1);
  if (head === '*') return naive(rest, value) || (value !== '' && naive(pattern, value.slice(1)));
  return value !== '' && (head === '?' || head === value[0]) && naive(rest, value.slice(1));
}

const short = (alphabet: string) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength: 9 }).map((letters) => letters.join(''));

describe('the glob', () => {
  test('equals its naive form', () => {
    fc.assert(
      fc.property(short('ab:/*?'), short('ab:/'), (pattern, value) => {
        expect(glob(pattern)(value)).toBe(naive(pattern, value));
      }),
      { numRuns: 5000 },
    );
  });

  test('matches whatever its wildcards are filled with', () => {
    fc.assert(
      fc.property(short('ab*?'), fc.string({ unit: 'grapheme-ascii' }), (pattern, filling) => {
        const value = pattern.replaceAll('?', 'x').replaceAll('*', () => filling);
        expect(glob(pattern)(value)).toBe(true);
      }),
    );
  });

  test('takes every other character as it is', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, value) => {
        fc.pre(!/[*?]/.test(pattern));
        expect(glob(pattern)(value)).toBe(pattern === value);
        expect(glob(pattern)(pattern)).toBe(true);
      }),
    );
  });

  test('answers in time for a pattern of many stars', () => {
    const started = performance.now();
    expect(glob(`${'*a'.repeat(200)}b`)('a'.repeat(2000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

const changeCase = (text: string, upper: readonly boolean[]): string =>
  [...text]
    .map((letter, index) => (upper[index % upper.length] ? letter.toUpperCase() : letter.toLowerCase()))
    .join('');
const cases = fc.array(fc.boolean(), { minLength: 1 });

const ACTIONS = ['s3:GetObject', 's3:PutObject', 'ecs:UpdateService'] as const;
const RESOURCES = ['arn:aws:s3:::a', 'arn:aws:s3:::b', 'arn:aws:s3:::b/x'] as const;
const KEYS = ['aws:username', 'aws:PrincipalTag/team'] as const;
const VALUES = ['x', 'y', 'X'] as const;

const condition = fc.oneof(
  fc.constant({}),
  fc
    .record({
      operator: fc.constantFrom('StringEquals', 'StringNotEquals', 'StringLike', 'StringEqualsIfExists'),
      key: fc.constantFrom(...KEYS),
      value: fc.constantFrom('x', 'y', '*'),
    })
    .map(({ operator, key, value }) => ({ [operator]: { [key]: value } })),
);

const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Deny'),
  Action: fc.constantFrom(...ACTIONS, 's3:*', 's3:?etObject', '*'),
  Resource: fc.constantFrom(...RESOURCES, 'arn:aws:s3:::b*', '*'),
  Condition: condition,
});

const request = fc.record({
  action: fc.constantFrom(...ACTIONS),
  resource: fc.constantFrom(...RESOURCES),
  context: fc.dictionary(fc.constantFrom(...KEYS), fc.constantFrom(...VALUES), { noNullPrototype: true }),
});

const statements = fc.array(statement, { minLength: 1, maxLength: 6 });
const policyOf = (list: readonly unknown[]) =>
  parsePolicy('p', { Version: '2012-10-17', Statement: list }, 'identity');
const effectOf = (list: readonly unknown[], call: IamRequest): Decision['effect'] =>
  evaluate({ identity: [policyOf(list)] }, call).effect;

describe('a decision', () => {
  test('becomes stricter by one more deny, or stays', () => {
    fc.assert(
      fc.property(statements, statement, fc.nat(), request, (list, more, place, call) => {
        const stricter = list.toSpliced(place % (list.length + 1), 0, { ...more, Effect: 'Deny' });
        const [before, after] = [effectOf(list, call), effectOf(stricter, call)];
        if (after === 'allowed') expect(before).toBe('allowed');
        if (before === 'explicitlyDenied') expect(after).toBe('explicitlyDenied');
        if (after !== before) expect(after).toBe('explicitlyDenied');
      }),
    );
  });

  test('becomes wider by one more allow, or stays; an explicit deny stays', () => {
    fc.assert(
      fc.property(statements, statement, fc.nat(), request, (list, more, place, call) => {
        const wider = list.toSpliced(place % (list.length + 1), 0, { ...more, Effect: 'Allow' });
        const [before, after] = [effectOf(list, call), effectOf(wider, call)];
        if (before !== 'implicitlyDenied') expect(after).toBe(before);
        else expect(after).not.toBe('explicitlyDenied');
      }),
    );
  });

  test('does not depend on the order of statements, nor on how policies share them', () => {
    const shuffled = statements.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, request, ([list, other], call) => {
        const expected = effectOf(list, call);
        expect(effectOf(other, call)).toBe(expected);
        expect(evaluate({ identity: other.map((one) => policyOf([one])) }, call).effect).toBe(expected);
      }),
    );
  });

  test('is allowed under a boundary exactly where both allow and none denies', () => {
    fc.assert(
      fc.property(statements, statements, request, (identity, boundary, call) => {
        const [first, second] = [effectOf(identity, call), effectOf(boundary, call)];
        const { effect } = evaluate({ identity: [policyOf(identity)], boundary: [policyOf(boundary)] }, call);
        expect(effect === 'allowed').toBe(first === 'allowed' && second === 'allowed');
        expect(effect === 'explicitlyDenied').toBe([first, second].includes('explicitlyDenied'));
      }),
    );
  });

  test('ignores the case of actions and keys', () => {
    fc.assert(
      fc.property(statements, request, cases, (list, call, upper) => {
        const context = Object.fromEntries(
          Object.entries(call.context).map(([key, value]) => [changeCase(key, upper), value]),
        );
        const other = { ...call, action: changeCase(call.action, upper), context };
        expect(effectOf(list, other)).toBe(effectOf(list, call));
        expect(actionGlob(changeCase(call.action, upper))(call.action.toLowerCase())).toBe(true);
      }),
    );
  });

  test('does not ignore the case of resources and values', () => {
    const upper = (text: string) => text.toUpperCase().replace('ARN:AWS:S3', 'arn:aws:s3');
    const list = [{ Effect: 'Allow', Action: '*', Resource: RESOURCES[2] }];
    expect(effectOf(list, { action: ACTIONS[0], resource: RESOURCES[2], context: {} })).toBe('allowed');
    const call = { action: ACTIONS[0], resource: upper(RESOURCES[2]), context: {} };
    expect(effectOf(list, call)).toBe('implicitlyDenied');
  });

  test('names the statement that decided', () => {
    fc.assert(
      fc.property(statements, request, (list, call) => {
        const decision = evaluate({ identity: [policyOf(list)] }, call);
        const decider = decision.statement && list[decision.statement.index];
        const wanted = { allowed: 'Allow', explicitlyDenied: 'Deny', implicitlyDenied: undefined };
        expect(decider?.Effect).toBe(wanted[decision.effect]);
        if (decider) expect(effectOf([decider], call)).toBe(decision.effect);
      }),
    );
  });
});
