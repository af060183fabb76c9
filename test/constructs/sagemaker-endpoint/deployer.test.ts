import { sagemakerEndpointCalls } from '../../../constructs/sagemaker-endpoint/calls';
import { ModelArtifact } from '../../../contract';
import type { SeenCall } from '../../conformance/aws-server';
import {
  describeDeclaredCalls,
  describeDeployTarget,
  type TargetFixture,
} from '../../conformance/deploy-target';
import { describeAnswers } from './answers';
import { describeDeploying } from './deploying';
import { describeGoingBack } from './going-back';
import { describeOperating } from './operating';
import { describeVerifying } from './verifying';
import { ACCOUNT, BUCKET, CHANGES, image, MODEL, REGION, specOf, type StartWorld, World } from './world';

const ledger: SeenCall[] = [];
const worlds: World[] = [];

const start: StartWorld = async (spec) => {
  const world = await new World(spec).start();
  worlds.push(world);
  return world;
};

const fixture: TargetFixture = {
  start: async () => {
    const world = await new World().start();
    world.sagemaker.behave({
      image: image('f').toString(),
      behaviour: { kind: 'unhealthy', lines: ['ImportError: libgomp.so.1'] },
    });
    return {
      deployer: () => {
        const deployer = world.deployer();
        const model = ModelArtifact.parse(MODEL);
        return { ...deployer, deploy: (request, context) => deployer.deploy({ model, ...request }, context) };
      },
      context: () => world.context(),
      in: (seconds, action) => world.clock.in(seconds, action),
      get running() {
        return world.running;
      },
      get releasedImage() {
        return world.released('releasedImage');
      },
      get calls() {
        return world.calls;
      },
      stop: () => world.stop(),
    };
  },
  good: [image('1'), image('2')],
  bad: image('f'),
  changes: CHANGES,
  declared: sagemakerEndpointCalls(specOf(), { account: ACCOUNT, region: REGION }),
  names: [ACCOUNT, REGION, specOf().endpoint, BUCKET, 'bikeshare-production-execution'],
  ledger,
};

afterEach(async () => {
  for (const world of worlds.splice(0)) {
    ledger.push(...world.calls);
    await world.stop();
  }
});

describeDeployTarget('sagemaker-endpoint', fixture);
describeDeploying(start);
describeGoingBack(start);
describeVerifying(start);
describeOperating(start);
describeAnswers();
describeDeclaredCalls('sagemaker-endpoint', fixture);
