import type { Service, ServiceDeploymentLifecycleStage } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import {
  declaredConfiguration,
  wayBackConfiguration,
} from '../../../../constructs/ecs-service/runtime/deployment-configuration';
import { explain } from '../../../../constructs/ecs-service/runtime/explain';
import { failureThreshold, tooManyFailures } from '../../../../constructs/ecs-service/runtime/failed-tasks';
import type { DeploymentRecord } from '../../../../constructs/ecs-service/runtime/service-deployments';
import { trafficEvents } from '../../../../constructs/ecs-service/runtime/traffic';
import type { ServiceUpdate } from '../../../../constructs/ecs-service/spec';
import { definitionArn, specOf } from './world';

const HOOK = {
  functionArn: 'arn:aws:lambda:us-east-1:222222222222:function:kvs-infer-verify',
  roleArn: 'arn:aws:iam::222222222222:role/kvs-infer-hook',
};
const BLUE_GREEN: ServiceUpdate = { strategy: 'blueGreen', bakeMinutes: 5, hook: HOOK };
const CANARY: ServiceUpdate = {
  strategy: 'canary',
  bakeMinutes: 5,
  canaryPercent: 10,
  canaryMinutes: 10,
};
const LINEAR: ServiceUpdate = { strategy: 'linear', bakeMinutes: 0, stepPercent: 20, stepMinutes: 3 };

const record = (changes: Partial<DeploymentRecord> = {}): DeploymentRecord => ({
  arn: 'arn:aws:ecs:us-east-1:222222222222:service-deployment/production/kvs-infer/d1',
  status: 'IN_PROGRESS',
  strategy: 'CANARY',
  createdAt: new Date(1_000),
  taskDefinition: definitionArn(3),
  requested: 2,
  running: 2,
  pending: 0,
  sources: [],
  failedHooks: [],
  triggeredAlarms: [],
  ...changes,
});

const at = (stage: ServiceDeploymentLifecycleStage, production: number, test: number): DeploymentRecord =>
  record({
    stage,
    target: { taskDefinition: definitionArn(3), production, test },
    sources: [{ taskDefinition: definitionArn(2), production: 100 - production, test: 0 }],
  });

export function describeShiftingPure(): void {
  describe('strategies', () => {
    test('D04 each strategy sends its whole configuration, rolling none', () => {
      const sent = (update: ServiceUpdate) =>
        declaredConfiguration(specOf({ update, alarms: ['5xx'], maximumPercent: 150 }));
      const common = {
        minimumHealthyPercent: 100,
        maximumPercent: 150,
        alarms: { alarmNames: ['5xx'], enable: true, rollback: true },
      };
      expect(sent({ strategy: 'rolling' })).toBeUndefined();
      expect(sent(BLUE_GREEN)).toEqual({
        ...common,
        strategy: 'BLUE_GREEN',
        bakeTimeInMinutes: 5,
        lifecycleHooks: [
          {
            hookTargetArn: HOOK.functionArn,
            roleArn: HOOK.roleArn,
            lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
          },
        ],
      });
      expect(sent(CANARY)).toEqual({
        ...common,
        strategy: 'CANARY',
        bakeTimeInMinutes: 5,
        lifecycleHooks: [],
        canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 10 },
      });
      expect(sent(LINEAR)).toEqual({
        ...common,
        strategy: 'LINEAR',
        bakeTimeInMinutes: 0,
        lifecycleHooks: [],
        linearConfiguration: { stepPercent: 20, stepBakeTimeInMinutes: 3 },
      });
    });

    test('D04 a service without alarms watches none', () => {
      expect(declaredConfiguration(specOf({ update: LINEAR }))?.alarms).toEqual({
        alarmNames: [],
        enable: false,
        rollback: false,
      });
    });

    test('D03 the way back is all at once and passes no role; a rolling one stays as it is', () => {
      for (const update of [BLUE_GREEN, CANARY, LINEAR]) {
        expect(wayBackConfiguration(specOf({ update, alarms: ['5xx'] }), 'CANARY')).toEqual({
          minimumHealthyPercent: 100,
          maximumPercent: 200,
          alarms: { alarmNames: ['5xx'], enable: true, rollback: true },
          strategy: 'BLUE_GREEN',
          bakeTimeInMinutes: 0,
          lifecycleHooks: [],
        });
        expect(wayBackConfiguration(specOf({ update }), 'ROLLING')).toBeUndefined();
      }
    });

    test('D04 half of the tasks may not fail: three at least, two hundred at most', () => {
      fc.assert(
        fc.property(fc.nat(1_000), (desired) => {
          const threshold = failureThreshold(desired);
          expect(threshold).toBeGreaterThanOrEqual(3);
          expect(threshold).toBeLessThanOrEqual(200);
          if (desired >= 6 && desired <= 400) expect(threshold).toBe(Math.ceil(desired / 2));
        }),
      );
    });

    test('D04 failed tasks of the newest deployment of the version count, unless the circuit breaker counts', () => {
      const service = (failedTasks: number): Service => ({
        desiredCount: 8,
        deployments: [
          { taskDefinition: definitionArn(3), createdAt: new Date(1), failedTasks: 9 },
          { taskDefinition: definitionArn(3), createdAt: new Date(2), failedTasks },
          { taskDefinition: definitionArn(2), createdAt: new Date(3), failedTasks: 9 },
        ],
      });
      expect(tooManyFailures(record(), service(3))).toBeUndefined();
      expect(tooManyFailures(record(), service(4))).toBe(
        '4 tasks failed one after the other, the threshold is 4',
      );
      expect(tooManyFailures(record({ strategy: 'ROLLING' }), service(4))).toBeUndefined();
      expect(tooManyFailures(record({ strategy: undefined }), service(4))).toBeUndefined();
    });

    test('D04 stages and percentages are told once each, when they change', () => {
      const seen = [
        at('SCALE_UP', 0, 0),
        at('SCALE_UP', 0, 0),
        at('POST_TEST_TRAFFIC_SHIFT', 0, 100),
        at('PRODUCTION_TRAFFIC_SHIFT', 10, 100),
        at('PRODUCTION_TRAFFIC_SHIFT', 10, 100),
        at('BAKE_TIME', 100, 100),
      ];
      const events = seen.flatMap((now, index) => trafficEvents(seen[index - 1], now));
      expect(events.map(({ message }) => message)).toEqual([
        'stage scale up: the new tasks start',
        expect.stringContaining('stage post test traffic shift: '),
        'traffic: 100 % to kvs-infer-production:2; test traffic: 100 % to kvs-infer-production:3',
        expect.stringContaining('stage production traffic shift: '),
        'traffic: 10 % to kvs-infer-production:3, 90 % to kvs-infer-production:2; test traffic: 100 % to kvs-infer-production:3',
        expect.stringContaining('stage bake time: '),
        'traffic: 100 % to kvs-infer-production:3; test traffic: 100 % to kvs-infer-production:3',
      ]);
      expect(events[4]?.data).toMatchObject({
        version: 'kvs-infer-production:3',
        production: 10,
        before: [{ version: 'kvs-infer-production:2', production: 90 }],
      });
    });

    test('D04 who looks for the first time in the middle is told where it is', () => {
      expect(
        trafficEvents(undefined, at('PRODUCTION_TRAFFIC_SHIFT', 40, 100)).map(({ code }) => code),
      ).toEqual(['deployment.stage', 'deployment.traffic']);
      const back = { ...at('PRODUCTION_TRAFFIC_SHIFT', 0, 0), status: 'ROLLBACK_IN_PROGRESS' as const };
      expect(
        trafficEvents(at('PRODUCTION_TRAFFIC_SHIFT', 40, 100), back).map(({ message }) => message),
      ).toEqual(['traffic: 100 % to kvs-infer-production:2']);
    });

    test('D04 a stage that is new to Lockstep is told by its name, a rolling update tells neither', () => {
      const unknown = { ...at('BAKE_TIME', 0, 0), stage: 'COFFEE_BREAK' };
      expect(trafficEvents(undefined, unknown)[0]?.message).toBe('stage coffee break');
      expect(trafficEvents(undefined, { ...unknown, strategy: 'ROLLING' })).toEqual([]);
    });

    test('D04 a diagnosis names the hook, the rules, or the places for two fleets', () => {
      const deployment = {
        id: 'd',
        status: 'ROLLBACK_SUCCESSFUL',
        reason: 'Unable to modify listener rule',
        alarms: [],
        hooks: [],
        twoFleets: true,
      };
      const first = (changes: object) =>
        explain({ stopped: [], events: [], deployment: { ...deployment, ...changes } })[0];
      expect(first({ hooks: ['the hook verify failed'] })).toMatchObject({
        cause: expect.stringContaining('the hook verify failed') as unknown,
        remedy: expect.stringContaining('read the log of that function') as unknown,
      });
      expect(first({})?.cause).toBe('ECS could not move the traffic');
      expect(first({ twoFleets: false })?.cause).toBe('Unable to modify listener rule');
      expect(first({ status: 'SUCCESSFUL' })).toBeUndefined();
      const shortage = {
        tasks: 1,
        gpus: 1,
        onSpot: false,
        canGrow: false,
        sentence: '1 task × 1 GPU need 1 more GPU',
      };
      const remedy = (twoFleets: boolean) =>
        explain({ stopped: [], events: [], shortage, deployment: { ...deployment, twoFleets } })[0]?.remedy;
      expect(remedy(true)).toContain('both versions run at full size');
      expect(remedy(false)).toContain('minimumHealthyPercent');
    });
  });
}
