import { ecsServiceCalls, type EcsServiceSpec } from '../../../../constructs/ecs-service/spec';
import {
  describeDeclaredCalls,
  describeDeployTarget,
  type TargetFixture,
} from '../../../conformance/deploy-target';
import type { SeenCall } from '../../../conformance/aws-server';
import { describeCheapInstances } from './cheap-instances';
import { describeDeploying } from './deploying';
import { describeFailing } from './failing';
import { describeGoingBack } from './going-back';
import { describeGoingBackToImage } from './going-back-to-image';
import { describeLateAnswers } from './late-answers';
import { describeLimits } from './limits';
import { describeOwnership } from './ownership';
import { describeRecording } from './recording';
import { describeShifting, shiftingSpec } from './shifting';
import { describeToldToStop } from './told-to-stop';
import { describeWeather } from './weather';
import { ACCOUNT, image, REGION, specOf, type StartWorld, World } from './world';

const ledger: SeenCall[] = [];
/** Calls of services with a verification, which declare more; most of them shift traffic. */
const shiftingLedger: SeenCall[] = [];
const worlds: World[] = [];

const start: StartWorld = async (options) => {
  const world = await new World(options).start();
  worlds.push(world);
  return world;
};

const fixture: TargetFixture = {
  start: async () => {
    const world = await new World().start();
    world.behaves(image('f'), { kind: 'exits', code: 1, lines: ['RuntimeError: CUDA driver too old'] });
    return {
      deployer: () => world.deployer(),
      context: () => world.context(),
      in: (seconds, action) => world.clock.in(seconds, action),
      get running() {
        return world.running;
      },
      get releasedImage() {
        return world.released.image;
      },
      get calls() {
        return world.calls;
      },
      stop: () => world.stop(),
    };
  },
  good: [image('1'), image('2')],
  bad: image('f'),
  changes: /:(Put|Register|Update|Stop)/,
  declared: ecsServiceCalls(specOf(), { account: ACCOUNT, region: REGION }),
  names: namesOf(specOf()),
  ledger,
};

function namesOf({ cluster, service, taskDefinitionFamily, taskRoleArn, executionRoleArn }: EcsServiceSpec) {
  const roles = [taskRoleArn, executionRoleArn].map((role) => role.slice(role.lastIndexOf('/') + 1));
  // Log group and parameters lie below folders named after environment and workload, as these are here.
  return [ACCOUNT, REGION, cluster, service, taskDefinitionFamily, ...roles];
}

afterEach(async () => {
  for (const world of worlds.splice(0)) {
    // Another cluster has other ARNs; what counts is the target that the manifest declares.
    if (world.model.service.cluster.endsWith(`/${specOf().cluster}`)) {
      (world.spec.verification ? shiftingLedger : ledger).push(...world.calls);
    }
    await world.stop();
  }
});

describeDeployTarget('ecs-service', fixture);
describeDeploying(start);
describeCheapInstances(start);
describeFailing(start);
describeGoingBack(start);
describeGoingBackToImage(start);
describeOwnership(start);
describeRecording(start);
describeLateAnswers(start);
describeToldToStop(start);
describeWeather(start);
describeLimits(start);
describeShifting(start);
describeDeclaredCalls('ecs-service', fixture);
describeDeclaredCalls('ecs-service that shifts traffic', {
  ...fixture,
  declared: ecsServiceCalls(shiftingSpec(), { account: ACCOUNT, region: REGION }),
  names: namesOf(shiftingSpec()),
  ledger: shiftingLedger,
});
