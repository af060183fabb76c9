import type { TemplateSource } from '../../../proofs/artefacts';
import type { Made, TemplateResource } from '../service';
import { resolveCondition, resolveValue } from './intrinsics';
import { NO_VALUE, type Scope } from './scope';
import { stackArn } from './stack-arn';
import { parseTemplate, type ResourceDeclaration, type Template, notRehearsed } from './template';

/** What a stack needs from outside while it is deployed. */
export interface StackPorts {
  make(resource: TemplateResource): Made;
  /** Value of an SSM parameter. Undefined where there is none. */
  parameter(account: string, region: string, name: string): string | undefined;
  /** Undefined where there is no such stack or output. */
  stackOutput(account: string, region: string, stack: string, output: string): unknown;
  /** Undefined where no stack of the account and region exports the name. */
  imported(account: string, region: string, name: string): unknown;
}

/** Parameters whose value is the name of an SSM parameter. */
const FROM_SSM = /^AWS::SSM::Parameter::Value</;

/** One stack on its way. Whatever something refers to is made first. */
export class Stack {
  readonly source: TemplateSource;
  readonly template: Template;
  private readonly made = new Map<string, Made>();
  private readonly inTheMaking = new Set<string>();

  constructor(
    source: TemplateSource,
    private readonly ports: StackPorts,
  ) {
    this.source = source;
    this.template = parseTemplate(source);
  }

  /** @throws LockstepError `NotRehearsed` */
  deploy(): void {
    for (const [name, { RuleCondition, Assertions }] of Object.entries(this.template.Rules)) {
      const scope = this.scope(name);
      if (RuleCondition !== undefined && !resolveCondition(RuleCondition, scope)) continue;
      const broken = Assertions.find(({ Assert }) => !resolveCondition(Assert, scope));
      if (broken) {
        throw notRehearsed(
          scope.place,
          'false',
          broken.AssertDescription ?? 'true',
          'Mend what the rule says.',
        );
      }
    }
    for (const [id, { Condition }] of Object.entries(this.template.Resources)) {
      if (Condition === undefined || this.condition(Condition)) this.resource(id);
    }
  }

  /** Value of an output. Undefined where the stack has none by this name. */
  output(name: string): unknown {
    const output = this.template.Outputs[name];
    if (!output || (output.Condition !== undefined && !this.condition(output.Condition))) return undefined;
    return resolveValue(output.Value, this.scope(name));
  }

  exported(name: string): unknown {
    const found = Object.entries(this.template.Outputs).find(
      ([id, { Export }]) => Export && resolveValue(Export.Name, this.scope(id)) === name,
    );
    return found && this.output(found[0]);
  }

  private resource(id: string): Made {
    const before = this.made.get(id);
    if (before) return before;
    const { place } = this.scope(id);
    const declaration = this.template.Resources[id];
    if (!declaration) throw notRehearsed(place, id, 'a resource of the template', 'Correct the reference.');
    if (this.inTheMaking.has(id)) {
      throw notRehearsed(place, [...this.inTheMaking].join(' → '), 'no circle', 'Cut one reference.');
    }
    if (declaration.Condition !== undefined && !this.condition(declaration.Condition)) {
      const allowed = `a resource whose condition ${declaration.Condition} holds`;
      throw notRehearsed(place, id, allowed, 'Refer to it under the same condition only.');
    }
    this.inTheMaking.add(id);
    for (const dependency of declaration.DependsOn) this.dependency(dependency);
    const made = this.ports.make(this.resolved(id, declaration));
    this.inTheMaking.delete(id);
    this.made.set(id, made);
    return made;
  }

  /** A resource that is waited for may be left out by its condition. */
  private dependency(id: string): void {
    const condition = this.template.Resources[id]?.Condition;
    if (condition === undefined || this.condition(condition)) this.resource(id);
  }

  private resolved(logicalId: string, { Type, Properties, Metadata }: ResourceDeclaration): TemplateResource {
    const { stack, account, region } = this.source;
    const path = Metadata['aws:cdk:path'];
    return {
      stack,
      account,
      region,
      logicalId,
      path: typeof path === 'string' ? path.replace(/\/Resource$/, '') : `${stack}/${logicalId}`,
      type: Type,
      properties: resolveValue(Properties, this.scope(logicalId)) as Readonly<Record<string, unknown>>,
    };
  }

  private condition(name: string): boolean {
    const condition = this.template.Conditions[name];
    if (condition !== undefined) return resolveCondition(condition, this.scope(name));
    throw notRehearsed(this.scope(name).place, name, 'a condition of the template', 'Correct its name.');
  }

  private scope(id: string): Scope {
    const { stack, account, region } = this.source;
    const place = `${stack}, ${id}`;
    const found = <Value>(value: Value | undefined, what: string): Value => {
      if (value !== undefined) return value;
      throw notRehearsed(place, what, 'what exists before this stack', 'Correct the reference.');
    };
    return {
      place,
      region,
      ref: (name) => this.pseudo(name) ?? this.parameter(name, place) ?? this.resource(name).ref,
      attribute: (name, attribute) =>
        found(this.resource(name).attributes?.[attribute], `attribute ${attribute} of ${name}`),
      condition: (name) => this.condition(name),
      mapping: (map, first, second) =>
        found(this.template.Mappings[map]?.[first]?.[second], `mapping ${map}, ${first}, ${second}`),
      stackOutput: (other, where, output) =>
        found(
          this.ports.stackOutput(account, where, other, output),
          `output ${output} of ${other} in ${where}`,
        ),
      imported: (name) => found(this.ports.imported(account, region, name), `export ${name}`),
      parameter: (name) => found(this.ports.parameter(account, region, name), `SSM parameter ${name}`),
    };
  }

  private parameter(name: string, place: string): unknown {
    const parameter = this.template.Parameters[name];
    if (!parameter) return undefined;
    const { Type, Default } = parameter;
    if (Default === undefined) {
      throw notRehearsed(place, name, 'parameters with a default', 'Give the parameter a default.');
    }
    const value = FROM_SSM.test(Type) ? this.scope(name).parameter(String(Default)) : Default;
    const isList = /(^|<)(List<|CommaDelimitedList)/.test(Type);
    return isList ? String(value).split(',') : String(value);
  }

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
  private pseudo(name: string): unknown {
    const { stack, account, region } = this.source;
    const values: Readonly<Record<string, unknown>> = {
      'AWS::AccountId': account,
      'AWS::NoValue': NO_VALUE,
      'AWS::NotificationARNs': [],
      'AWS::Partition': 'aws',
      'AWS::Region': region,
      'AWS::StackId': stackArn(this.source),
      'AWS::StackName': stack,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    return values[name];
  }
}
