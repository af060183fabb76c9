import type { TemplateSource } from '../../../proofs/artefacts';
import type { AwsService, Made, TemplateResource } from '../service';
import { generic } from './generic';
import { Stack } from './stack';
import { notRehearsed } from './template';

/** Reads SSM parameters while stacks are deployed. Undefined where there is none. */
export type ReadParameter = (account: string, region: string, name: string) => string | undefined;

/**
 * Values of parameters that are there before any stack: those of the CDK's bootstrap stack, and the public ones
 * of AWS. Which machine image they name makes no difference here.
 */
function beforehand(name: string): string | undefined {
  if (/^\/cdk-bootstrap\/[^/]+\/version$/.test(name)) return '30';
  return /^\/aws\/service\/.*image_id$/.test(name) ? 'ami-0a1b2c3d4e5f60718' : undefined;
}

/**
 * Deploys templates into the emulated services. What a template refers to is deployed first: outputs of other
 * stacks, and parameters that other stacks make.
 *
 * @throws LockstepError `NotRehearsed`
 */
export function deployTemplates(
  sources: readonly TemplateSource[],
  services: readonly AwsService[],
  readParameter: ReadParameter,
): void {
  const done = new Set<Stack>();
  const inTheMaking = new Set<Stack>();
  const make = maker(services);
  const stacks: readonly Stack[] = sources.map(
    (source) =>
      new Stack(source, {
        make,
        parameter: (account, region, name) => {
          stacks
            .filter((stack) => isIn(stack, account, region) && declaresParameter(stack, name))
            .forEach(deploy);
          return readParameter(account, region, name) ?? beforehand(name);
        },
        stackOutput: (account, region, name, output) => {
          const stack = stacks.find((each) => isIn(each, account, region) && each.source.stack === name);
          if (stack) deploy(stack);
          return stack?.output(output);
        },
        imported: (account, region, name) => {
          const exporting = stacks.filter((each) => isIn(each, account, region) && hasExports(each));
          return exporting.map((each) => each.exported(name)).find((value) => value !== undefined);
        },
      }),
  );

  function deploy(stack: Stack): void {
    if (done.has(stack)) return;
    if (inTheMaking.has(stack)) {
      const circle = [...inTheMaking].map(({ source }) => source.stack).join(' → ');
      throw notRehearsed(stack.source.stack, circle, 'stacks without circle', 'Cut one reference.');
    }
    inTheMaking.add(stack);
    stack.deploy();
    inTheMaking.delete(stack);
    done.add(stack);
  }

  stacks.forEach(deploy);
}

const isIn = ({ source }: Stack, account: string, region: string): boolean =>
  source.account === account && source.region === region;

const hasExports = ({ template }: Stack): boolean =>
  Object.values(template.Outputs).some((output) => output.Export !== undefined);

const declaresParameter = ({ template }: Stack, name: string): boolean =>
  Object.values(template.Resources).some(
    ({ Type, Properties }) => Type === 'AWS::SSM::Parameter' && Properties.Name === name,
  );

function maker(services: readonly AwsService[]): (resource: TemplateResource) => Made {
  const makers = new Map(services.flatMap(({ makes }) => Object.entries(makes)));
  return (resource) => (makers.get(resource.type) ?? generic)(resource);
}
