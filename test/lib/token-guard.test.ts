import { Aws, Token } from 'aws-cdk-lib';
import { refuseTokens } from '../../lib/token-guard';

const paths = { targets: [{ spec: {} as Record<string, unknown> }] };
const withSpec = (spec: Record<string, unknown>) => ({ ...paths, targets: [{ spec }] });
const check = (document: unknown) => () =>
  refuseTokens(document, ([list]) => (list === 'targets' ? 'Stack/Service' : undefined));

describe('the guard against tokens', () => {
  test('lets literals pass, also such as only look like one', () => {
    expect(
      check(withSpec({ cluster: 'prod', dollar: '${', count: 1, none: null, list: [true] })),
    ).not.toThrow();
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['a text', { region: Aws.REGION }, 'targets.0.spec.region of Stack/Service'],
    ['a part of a text', { arn: `arn:aws:x:${Aws.REGION}:1:y` }, 'targets.0.spec.arn of Stack/Service'],
    ['a number', { count: Token.asNumber({ Ref: 'Count' }) }, 'targets.0.spec.count of Stack/Service'],
    ['a list', { zones: Token.asList({ 'Fn::GetAZs': '' }) }, 'targets.0.spec.zones of Stack/Service'],
    ['a key', { [Aws.ACCOUNT_ID]: 'x' }, 'targets.0.spec.(key) of Stack/Service'],
    ['a key deep inside', { a: [{ [`x-${Aws.REGION}`]: {} }] }, 'targets.0.spec.a.0.(key) of Stack/Service'],
  ])('refuses a token in %s', (_, spec, place) => {
    expect(check(withSpec(spec))).toThrow(
      expect.objectContaining({
        code: 'TokenInManifest',
        faults: [expect.objectContaining({ place, value: 'a value that is known only at deployment' })],
      }),
    );
  });
});
