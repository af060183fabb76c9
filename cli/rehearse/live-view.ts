import { stripVTControlCharacters } from 'node:util';
import type { RunEvent } from '../../rehearsal/github/run-result';
import { scenarioName } from '../../rehearsal/report/names';
import type { ScenarioReport } from '../../rehearsal/scenarios/scenario';
import type { Paint } from '../local-command';
import { counted, mark } from './marks';
import { after, begun, type LiveScenario, treeLines } from './live-tree';

/** A terminal to draw on. A stream that is no terminal is never written to. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  /** Size in characters. @default 80 by 24 */
  readonly columns?: number;
  readonly rows?: number;
}

/** Calls an action again and again until it is told to stop. */
export type Every = (milliseconds: number, action: () => void) => () => void;

/** By the clock on the wall. It keeps no process alive. */
export const byTheClock: Every = (milliseconds, action) => {
  const timer = setInterval(action, milliseconds).unref();
  return () => {
    clearInterval(timer);
  };
};

/** Which scenario is meant. */
type Which = Pick<ScenarioReport, 'workflow' | 'name'>;

/** What runs, for a person who waits. */
export interface LiveView {
  started(scenario: Which): void;
  event(scenario: Which, event: RunEvent): void;
  ended(scenario: Which, passed: boolean): void;
  /** Clears the screen of everything that it drew. */
  stop(): void;
}

const TURNING = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
/** Between two pictures, in milliseconds of real time. */
const PAUSE = 80;

const NOTHING: LiveView = {
  started: () => undefined,
  event: () => undefined,
  ended: () => undefined,
  stop: () => undefined,
};

/**
 * A tree of jobs and steps for each scenario that runs, drawn over itself. In a pipe there is nothing but the
 * final report.
 *
 * @param total how many scenarios will run
 */
export function liveView(screen: Screen, every: Every, total: number, paint: Paint): LiveView {
  if (screen.isTTY !== true) return NOTHING;
  const running = new Map<string, LiveScenario>();
  let done = 0;
  let failed = 0;
  let turn = 0;
  let drawn = 0;
  const clear = () => {
    if (drawn > 0) screen.write(`\u001b[${drawn}F\u001b[0J`);
    drawn = 0;
  };
  const draw = () => {
    turn = (turn + 1) % TURNING.length;
    const turning = paint.cyan(TURNING[turn] ?? TURNING[0]);
    const bad = failed > 0 ? `, ${mark('failure', paint)} ${failed} not as expected` : '';
    const head = total > 1 ? [`${turning} ${done} of ${counted(total, 'scenario')}${bad}`] : [];
    const tree = [...running.values()].flatMap((scenario) => treeLines(scenario, turning, paint));
    const lines = fitting([...head, ...tree], screen);
    clear();
    screen.write(lines.map((text) => `${text}\n`).join(''));
    drawn = lines.length;
  };
  const stopDrawing = every(PAUSE, draw);
  return {
    started: (which) => running.set(scenarioName(which), begun(scenarioName(which))),
    event: (which, event) => {
      const before = running.get(scenarioName(which));
      if (before) running.set(scenarioName(which), after(before, event));
    },
    ended: (which, passed) => {
      running.delete(scenarioName(which));
      done += 1;
      if (!passed) failed += 1;
    },
    stop: () => {
      stopDrawing();
      clear();
    },
  };
}

/** What fits on the screen: the newest lines, none of them broken, or going back up would miss its mark. */
function fitting(lines: readonly string[], screen: Screen): readonly string[] {
  // A terminal that does not know its size says 0.
  const columns = screen.columns || 80;
  const rows = screen.rows || 24;
  return lines.slice(-(rows - 1)).map((text) => {
    const bare = stripVTControlCharacters(text);
    return bare.length < columns ? text : `${bare.slice(0, columns - 2)}…`;
  });
}
