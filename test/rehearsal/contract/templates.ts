import type { TemplateSource } from '../../../proofs/artefacts';
import { ACCOUNT, deployed, REGION, roleArn, roleResource, templateOf } from './emulator';
import { PARAMETER, parameterArn, RESOURCES } from './tested-account';

/** What CloudFormation makes of templates, and what it refuses. */
export const describeTemplates = (): void =>
  describe('templates', () => {
    const valueOf = (value: unknown) => ({
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/value', Type: 'String', Value: value },
    });

    const resolved =
      (value: unknown, sections: object = {}, others: readonly TemplateSource[] = []) =>
      (): string | undefined => {
        const template = templateOf({ Role: RESOURCES.Deploy, Value: valueOf(value) }, sections);
        return deployed(...others, template).world.ssm.get(ACCOUNT, REGION, '/value');
      };

    const more = {
      Parameters: {
        Given: { Type: 'CommaDelimitedList', Default: 'one,two' },
        Read: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/other/name' },
        Image: {
          Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
          Default: '/aws/service/x/image_id',
        },
      },
      Mappings: { Sizes: { 'us-east-1': { small: 'g4dn.xlarge' } } },
      Conditions: {
        Yes: {
          'Fn::And': [
            { 'Fn::Equals': [{ Ref: 'AWS::Region' }, REGION] },
            { 'Fn::Not': [{ Condition: 'No' }] },
          ],
        },
        No: { 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }, { 'Fn::Equals': ['a', 'c'] }] },
      },
    };
    const other = {
      stack: 'other',
      account: ACCOUNT,
      region: REGION,
      body: {
        Resources: { Other: { ...PARAMETER, Properties: { ...PARAMETER.Properties, Name: '/other/name' } } },
        Outputs: {
          Out: { Value: { Ref: 'Other' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}-out' } } },
        },
      },
    };

    test.each<[string, unknown, unknown]>([
      ['Ref of a resource', { Ref: 'Role' }, 'deploy'],
      ['Fn::GetAtt', { 'Fn::GetAtt': ['Role', 'Arn'] }, roleArn('deploy')],
      ['Fn::GetAtt in one text', { 'Fn::GetAtt': 'Role.Arn' }, roleArn('deploy')],
      ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] }, `a-${ACCOUNT}`],
      [
        'Fn::Sub',
        { 'Fn::Sub': ['${a} ${Role} ${Role.Arn} ${!b}', { a: '1' }] },
        `1 deploy ${roleArn('deploy')} \${b}`,
      ],
      ['Fn::Select and Fn::Split', { 'Fn::Select': ['1', { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
      ['Fn::Select of a parameter', { 'Fn::Select': [1, { Ref: 'Given' }] }, 'two'],
      ['Fn::If that holds', { 'Fn::If': ['Yes', 'yes', 'no'] }, 'yes'],
      ['Fn::If that does not', { 'Fn::If': ['No', 'yes', 'no'] }, 'no'],
      ['Fn::FindInMap', { 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'small'] }, 'g4dn.xlarge'],
      ['Fn::Base64', { 'Fn::Base64': 'abc' }, 'YWJj'],
      ['Fn::GetAZs', { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'us-east-1a'],
      ['Fn::ImportValue', { 'Fn::ImportValue': 'other-out' }, '/other/name'],
      [
        'Fn::GetStackOutput',
        { 'Fn::GetStackOutput': { StackName: 'other', Region: REGION, OutputName: 'Out' } },
        '/other/name',
      ],
      ['an SSM parameter of another stack', { Ref: 'Read' }, 'none'],
      ['a public SSM parameter', { Ref: 'Image' }, expect.stringMatching(/^ami-/)],
      ['a dynamic reference', '{{resolve:ssm:/other/name}}!', 'none!'],
    ])('%s', (_, value, expected) => {
      // What it refers to comes later, in the list and in the template.
      const aws = deployed(templateOf({ Value: valueOf(value), Role: RESOURCES.Deploy }, more), other);
      expect(aws.world.ssm.get(ACCOUNT, REGION, '/value')).toEqual(expected);
    });

    test.each<[string, unknown, string]>([
      [
        'a function that is not modelled',
        { 'Fn::Cidr': ['10.0.0.0/16', 1, 8] },
        'tested, Value: got Fn::Cidr',
      ],
      ['a resource that is not there', { Ref: 'Nothing' }, 'tested, Nothing: got Nothing'],
      ['an attribute that is not there', { 'Fn::GetAtt': ['Role', 'Age'] }, 'attribute Age of Role'],
      [
        'an output that is not there',
        { 'Fn::GetStackOutput': { StackName: 'x', OutputName: 'y' } },
        'output y of x',
      ],
      ['an export that is not there', { 'Fn::ImportValue': 'x' }, 'tested, Value: got export x'],
      ['a condition that is not there', { 'Fn::If': ['Maybe', 1, 2] }, 'tested, Maybe: got Maybe'],
      ['a mapping that is not there', { 'Fn::FindInMap': ['Sizes', 'x', 'y'] }, 'mapping Sizes, x, y'],
      ['an index outside of the list', { 'Fn::Select': [3, ['a']] }, 'an index of the list'],
      ['a text that is none', { 'Fn::Join': ['', [['a']]] }, 'a text'],
      ['a secret', '{{resolve:secretsmanager:x}}', 'dynamic references to SSM parameters'],
      ['a reference in a circle', { Ref: 'Value' }, 'Value'],
    ])('%s is an error that names stack and logical id', (_, value, message) => {
      expect(resolved(value)).toThrow(message);
      expect(resolved(value)).toThrow(expect.objectContaining({ code: 'NotRehearsed' }));
    });

    test('stacks in a circle, transforms and parameters without default are errors', () => {
      const circle = { 'Fn::GetStackOutput': { StackName: 'tested', Region: REGION, OutputName: 'Out' } };
      const turning = {
        ...other,
        body: { Resources: { Other: valueOf(circle) }, Outputs: { Out: { Value: 'x' } } },
      };
      const back = { 'Fn::GetStackOutput': { StackName: 'other', Region: REGION, OutputName: 'Out' } };
      expect(resolved(back, { Outputs: { Out: { Value: 'x' } } }, [turning])).toThrow('without circle');
      expect(resolved('x', { Transform: 'AWS::Serverless-2016-10-31' })).toThrow('Transform');
      expect(resolved({ Ref: 'P' }, { Parameters: { P: { Type: 'String' } } })).toThrow('a default');
    });

    test('a rule that does not hold stops the deployment', () => {
      const rule = {
        Assertions: [{ Assert: { 'Fn::Contains': [['a', 'b'], 'c'] }, AssertDescription: 'a or b' }],
      };
      expect(resolved('x', { Rules: { Check: rule } })).toThrow('a or b');
    });

    test('a resource exists only where its condition holds, and NoValue leaves a property out', () => {
      const description = { 'Fn::If': ['No', 'text', { Ref: 'AWS::NoValue' }] };
      const resources = {
        There: { ...valueOf('x'), Condition: 'Yes', DependsOn: 'Absent' },
        Absent: { ...PARAMETER, Condition: 'No' },
        Role: roleResource('plain', [], { RoleName: description }),
      };
      const aws = deployed(other, templateOf(resources, more));
      expect([...aws.world.iam.state.roles.keys()]).toEqual([roleArn('tested-Role')]);
      expect([...aws.world.ssm.state.parameters.keys()]).toEqual([
        parameterArn('/other/name'),
        parameterArn('/value'),
      ]);
    });

    test('a type that nobody emulates can still be referred to', () => {
      const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'alerts' } };
      const value = { 'Fn::Join': [' ', [{ Ref: 'Queue' }, { 'Fn::GetAtt': ['Queue', 'Arn'] }]] };
      const aws = deployed(templateOf({ Queue: queue, Value: valueOf(value) }));
      expect(aws.world.ssm.get(ACCOUNT, REGION, '/value')).toBe(
        `alerts arn:aws:sqs:${REGION}:${ACCOUNT}:queue/alerts`,
      );
    });
  });
