import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';

/** A workflow file as it stands on disk. */
export interface WorkflowSource {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly text: string;
}

/** A workflow parsed back from its YAML, with the line of each part. */
export interface Workflow {
  readonly file: string;
  readonly text: string;
  readonly name?: string;
  readonly triggers: readonly Trigger[];
  readonly permissions?: unknown;
  readonly jobs: readonly Job[];
  /** The whole file as plain data. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Errors of the YAML itself, with their line. */
  readonly errors: readonly { readonly line: number; readonly message: string }[];
}

/** One event that starts the workflow, with its filters and inputs as plain data. */
export interface Trigger {
  readonly event: string;
  readonly line: number;
  readonly filters: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly id: string;
  readonly line: number;
  readonly name?: string;
  readonly needs: readonly string[];
  readonly condition?: string;
  readonly environment?: string;
  readonly timeoutMinutes?: number;
  readonly permissions?: unknown;
  readonly outputs: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
  /** Reusable workflow that the job calls. */
  readonly uses?: string;
  /** Everything else, as plain data. */
  readonly raw: Readonly<Record<string, unknown>>;
}

export interface Step {
  readonly line: number;
  readonly name?: string;
  readonly id?: string;
  readonly condition?: string;
  readonly uses?: {
    readonly action: string;
    readonly ref: string;
    readonly comment?: string;
    readonly line: number;
  };
  readonly with: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly run?: string;
  /** Shell of the step. @default - that of the job or the workflow */
  readonly shell?: string;
  /** Everything else, as plain data. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** Reads a workflow file. Nothing is thrown: what cannot be read stands in `errors`. */
export function parseWorkflow({ file, text }: WorkflowSource): Workflow {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineOf = (node: Node | null | undefined): number =>
    node?.range ? lines.linePos(node.range[0]).line : 1;
  const errors = document.errors.map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    message: message.split('\n')[0] ?? message,
  }));
  // What an alias stands for would be read twice or not at all; nobody needs one in a workflow.
  visit(document, {
    Alias: (_, alias) => {
      errors.push({ line: lineOf(alias), message: `the alias *${alias.source}: write the part out` });
    },
  });
  const root = isMap(document.contents) ? document.contents : undefined;
  if (!root) {
    return {
      file,
      text,
      triggers: [],
      jobs: [],
      raw: {},
      errors: [...errors, { line: 1, message: 'the file is not a mapping' }],
    };
  }
  const top = (root.toJS(document) ?? {}) as Record<string, unknown>;
  const jobs = root.get('jobs', true);
  return {
    file,
    text,
    ...(typeof top.name === 'string' && { name: top.name }),
    triggers: triggersOf(root, top.on, lineOf),
    permissions: top.permissions,
    jobs: isMap(jobs)
      ? jobs.items.map(({ key, value }) =>
          jobOf(key as Node, value as Node, (node) => node.toJS(document) as unknown, lineOf),
        )
      : [],
    raw: top,
    errors,
  };
}

type LineOf = (node: Node | null | undefined) => number;
type Plain = (node: Node) => unknown;

function triggersOf(root: YAMLMap, on: unknown, lineOf: LineOf): Trigger[] {
  const node = root.get('on', true);
  const line = lineOf(node as Node | undefined);
  if (typeof on === 'string') return [{ event: on, line, filters: {} }];
  if (Array.isArray(on)) return on.map((event) => ({ event: String(event), line, filters: {} }));
  if (!isMap(node)) return [];
  return node.items.map(({ key }) => {
    const event = isScalar(key) ? String(key.value) : '';
    return { event, line: lineOf(key as Node), filters: record((on as Record<string, unknown>)[event]) };
  });
}

function jobOf(key: Node, value: Node, plain: Plain, lineOf: LineOf): Job {
  const raw = record(value && !isAlias(value) ? plain(value) : undefined);
  const steps = isMap(value) ? value.get('steps', true) : undefined;
  const { environment, needs } = raw;
  const named = typeof environment === 'string' ? environment : record(environment).name;
  return {
    id: isScalar(key) ? String(key.value) : '',
    line: lineOf(key),
    ...text('name', raw.name),
    needs: typeof needs === 'string' ? [needs] : Array.isArray(needs) ? needs.map(String) : [],
    ...text('condition', raw.if),
    ...text('environment', named),
    ...(typeof raw['timeout-minutes'] === 'number' && { timeoutMinutes: raw['timeout-minutes'] }),
    permissions: raw.permissions,
    outputs: texts(raw.outputs),
    env: texts(raw.env),
    steps: isSeq(steps) ? steps.items.filter(isMap).map((step) => stepOf(step, plain, lineOf)) : [],
    ...text('uses', raw.uses),
    raw,
  };
}

function stepOf(node: YAMLMap, plain: Plain, lineOf: LineOf): Step {
  const raw = record(plain(node));
  const uses = node.get('uses', true);
  const [, action = '', ref = ''] =
    /^([^@]*)@?(.*)$/.exec(typeof raw.uses === 'string' ? raw.uses : '') ?? [];
  const comment = isScalar(uses) && uses.comment ? uses.comment.trim() : undefined;
  return {
    line: lineOf(node),
    ...text('name', raw.name),
    ...text('id', raw.id),
    ...text('condition', raw.if),
    ...(typeof raw.uses === 'string' && {
      uses: { action, ref, line: lineOf(uses as Node), ...(comment !== undefined && { comment }) },
    }),
    with: texts(raw.with),
    env: texts(raw.env),
    ...text('run', raw.run),
    ...text('shell', raw.shell),
    raw,
  };
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(record(value)).map(([key, item]) => [key, String(item)]));

/** The field, when the value is there; conditions may be written as booleans. */
function text<K extends string>(key: K, value: unknown): Partial<Record<K, string>> {
  const field: Partial<Record<K, string>> = {};
  if (typeof value === 'string' || typeof value === 'boolean') field[key] = String(value);
  return field;
}
