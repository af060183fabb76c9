import { isDeepStrictEqual } from 'node:util';
import type { AwsCall, Deployer, ImageReference, Verb } from '../../contract';
import { imagesOf } from '../../runtime/version-content';
import type { SeenCall } from './aws-server';
import type { RecordedContext } from './recorded-context';

/** An account in which a target is deployed by its stack, and nothing was released yet. */
export interface TargetWorld {
  /** A fresh deployer, as each run of the command makes one. Its calls are noted under their verb. */
  deployer(): Deployer;
  context(): RecordedContext;
  /** Runs something once, so many seconds of virtual time from now. */
  in(seconds: number, action: () => void): void;
  /** Images that run and serve. */
  readonly running: readonly string[];
  /** Image that the pipeline recorded as released. */
  readonly releasedImage: string | undefined;
  readonly calls: readonly SeenCall[];
  stop(): Promise<void>;
}

export interface TargetFixture {
  start(): Promise<TargetWorld>;
  readonly good: readonly [ImageReference, ImageReference];
  /** An image with which a deployment fails. */
  readonly bad: ImageReference;
  /** Actions that change the target; reads are harmless. */
  readonly changes: RegExp;
  readonly declared: Readonly<Record<Verb, readonly AwsCall[]>>;
  /** Names by which ARNs tell this target from its neighbours, account and region included. */
  readonly names: readonly string[];
  /** Calls of every scenario of the test file; the cases here add theirs. */
  readonly ledger: SeenCall[];
}

/** The behaviour that every kind of deploy target owes the workflows. */
export function describeDeployTarget(kind: string, fixture: TargetFixture): void {
  describe(`${kind} as a deploy target`, () => {
    const [first, second] = fixture.good;
    let world: TargetWorld;
    beforeEach(async () => {
      world = await fixture.start();
    });
    afterEach(async () => {
      fixture.ledger.push(...world.calls);
      await world.stop();
    });

    async function release(image: ImageReference) {
      const deployer = world.deployer();
      const context = world.context();
      const receipt = await deployer.deploy({ images: [image] }, context);
      const outcome = await deployer.wait(receipt, context);
      if (outcome.result === 'succeeded') await deployer.confirm?.(outcome.version, context);
      return { receipt, outcome };
    }

    test('deploys, waits for this deployment, confirms it, and verifies it', async () => {
      const { receipt, outcome } = await release(first);
      expect(receipt).toMatchObject({ state: 'started' });
      expect(imagesOf(receipt.version)).toEqual([first.toString()]);
      expect(receipt.previous).toBeUndefined();
      expect(outcome).toMatchObject({ result: 'succeeded', version: receipt.version });
      expect(world.running).toEqual([first.toString()]);
      expect(world.releasedImage).toBe(first.toString());
      const checks = await world.deployer().verify(receipt.version, world.context());
      expect(checks.filter(({ passed }) => !passed)).toEqual([]);
    });

    test('names what ran before a later deployment', async () => {
      const before = await release(first);
      const { receipt } = await release(second);
      expect(receipt.previous).toEqual(before.receipt.version);
      expect(world.running).toEqual([second.toString()]);
    });

    test('changes nothing when the same image is deployed again', async () => {
      await release(first);
      const start = world.calls.length;
      const { receipt, outcome } = await release(first);
      expect(receipt.state).toBe('unchanged');
      expect(outcome.result).toBe('succeeded');
      expect(world.calls.slice(start).filter(({ action }) => fixture.changes.test(action))).toEqual([]);
    });

    test('a deployment that fails is a failure, with a diagnosis, and the earlier version serves afterwards', async () => {
      await release(first);
      const { receipt, outcome } = await release(fixture.bad);
      expect(outcome.result).toBe('failed');
      expect(await world.deployer().diagnose(world.context())).not.toEqual([]);
      const request = receipt.deployment === undefined ? {} : { deployment: receipt.deployment };
      const back = await world.deployer().rollback(request, world.context());
      expect(['rolledBack', 'alreadyRolledBack']).toContain(back.result);
      expect(world.running).toEqual([first.toString()]);
      expect(world.releasedImage).toBe(first.toString());
    });

    test('rolling back what succeeded does nothing', async () => {
      await release(first);
      const back = await world.deployer().rollback({}, world.context());
      expect(back.result).toBe('nothingToDo');
      expect(world.running).toEqual([first.toString()]);
    });

    test('a run that is interrupted is taken up by the next one', async () => {
      await release(first);
      const context = world.context();
      const receipt = await world.deployer().deploy({ images: [second] }, context);
      world.in(7, context.interrupt);
      await expect(world.deployer().wait(receipt, context)).rejects.toMatchObject({ code: 'Interrupted' });

      const again = await release(second);
      expect(again.receipt).toMatchObject({ state: 'resumed', deployment: receipt.deployment });
      expect(again.outcome.result).toBe('succeeded');
      expect(world.running).toEqual([second.toString()]);
    });

    test('status names what runs and where one could go back to', async () => {
      await release(first);
      await release(second);
      const { running, history } = await world.deployer().status(world.context());
      expect(running && imagesOf(running)).toEqual([second.toString()]);
      expect(history.filter(({ stable }) => stable).flatMap(({ version }) => imagesOf(version))).toEqual([
        second.toString(),
        first.toString(),
      ]);
    });
  });
}

/** Put this last in the test file: it compares the calls of all scenarios with the declared ones. */
export function describeDeclaredCalls(kind: string, fixture: TargetFixture): void {
  describe(`declared calls of ${kind}`, () => {
    const verbs = Object.keys(fixture.declared) as Verb[];

    test.each(verbs)('%s makes exactly the calls that it declares', (verb) => {
      const made = fixture.ledger.filter(({ during }) => during === verb).map(({ action }) => action);
      const declared = fixture.declared[verb].map(({ action }) => action);
      expect(unique(made)).toEqual(unique(declared));
    });

    test.each(verbs)('%s touches only the resources that it declares, and each of them', (verb) => {
      const made = madeDuring(verb);
      const strangers = made.filter(
        ({ action, resource }) => !isDeclared(fixture.declared[verb], action, resource),
      );
      expect(strangers).toEqual([]);
      const untouched = fixture.declared[verb].flatMap((call) =>
        call.resources
          .filter(
            (pattern) => !made.some((seen) => seen.action === call.action && matches(pattern, seen.resource)),
          )
          .map((resource) => ({ action: call.action, resource })),
      );
      expect(untouched).toEqual([]);
    });

    test.each(verbs)('%s declares no resource of a neighbour', (verb) => {
      const granted = madeDuring(verb).flatMap(({ action, resource }) =>
        neighboursOf(resource, fixture.names)
          .filter((neighbour) => isDeclared(fixture.declared[verb], action, neighbour))
          .map((neighbour) => ({ action, neighbour })),
      );
      expect(granted).toEqual([]);
    });

    test.each(verbs)('%s declares the conditions that its requests carry', (verb) => {
      const wrong = fixture.ledger
        .filter(({ during }) => during === verb)
        .flatMap(({ action, context, resources }) =>
          fixture.declared[verb]
            .filter(
              (call) =>
                call.action === action &&
                resources.some((resource) => call.resources.some((pattern) => matches(pattern, resource))) &&
                !isDeepStrictEqual(call.context ?? {}, context),
            )
            .map((call) => ({ action, declared: call.context, carried: context })),
        );
      expect(wrong).toEqual([]);
    });

    const madeDuring = (verb: Verb) =>
      fixture.ledger
        .filter(({ during }) => during === verb)
        .flatMap(({ action, resources }) => resources.map((resource) => ({ action, resource })));
  });
}

const unique = (actions: readonly string[]): readonly string[] => [...new Set(actions)].sort();

function isDeclared(calls: readonly AwsCall[], action: string, resource: string): boolean {
  return calls.some(
    (call) => call.action === action && call.resources.some((pattern) => matches(pattern, resource)),
  );
}

/** The same resource of somebody else: with each name of the target's, one at a time, replaced. */
function neighboursOf(resource: string, names: readonly string[]): readonly string[] {
  const parts = resource.split(/([:/])/);
  return parts.flatMap((part, index) =>
    names.includes(part) ? [[...parts.slice(0, index), `${part}-x`, ...parts.slice(index + 1)].join('')] : [],
  );
}

/** IAM's wildcards: `*` crosses every separator, `?` is one character. */
function matches(pattern: string, resource: string): boolean {
  const parts = pattern
    .split('*')
    .map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('?', '.'));
  return new RegExp(`^${parts.join('.*')}$`).test(resource);
}
