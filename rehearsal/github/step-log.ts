import { parseCommand, type WorkflowCommand } from './commands';
import type { Masks } from './masks';
import type { Annotation } from './run-result';

/**
 * Commands of the time before there were files. GitHub refuses two of them, and follows `set-output` and
 * `save-state` with a warning; here nothing may depend on them.
 */
const DISABLED: Readonly<Record<string, string>> = {
  'set-output': 'GITHUB_OUTPUT',
  'save-state': 'GITHUB_STATE',
  'set-env': 'GITHUB_ENV',
  'add-path': 'GITHUB_PATH',
};

const LEVELS: Readonly<Record<string, Annotation['level']>> = {
  error: 'error',
  warning: 'warning',
  notice: 'notice',
};

/** What a step writes: its commands are followed, everything is masked. */
export class StepLog {
  readonly lines: string[] = [];
  readonly annotations: Annotation[] = [];
  /** True when a command could not be followed. The step fails then, whatever its exit code. */
  failed = false;
  private stopToken: string | undefined;

  constructor(
    private readonly masks: Masks,
    private readonly written: (line: string) => void,
  ) {}

  /** A line that a process wrote, to either of its streams. */
  read(line: string): void {
    const command = parseCommand(line);
    if (!command || !this.follow(command)) this.write(line);
  }

  /** A line as it stands, whatever it looks like. */
  write(line: string): void {
    for (const each of this.masks.hide(line).split('\n')) {
      this.lines.push(each);
      this.written(each);
    }
  }

  annotate({ level, title, message }: Annotation): void {
    this.annotations.push({
      level,
      ...(title !== undefined && { title: this.masks.hide(title) }),
      message: this.masks.hide(message),
    });
    this.write(`##[${level}]${message}`);
  }

  /** @returns whether it is a command of the runner; anything else is text */
  private follow({ name, properties, data }: WorkflowCommand): boolean {
    if (this.stopToken !== undefined) {
      if (name !== this.stopToken) return false;
      this.stopToken = undefined;
      return true;
    }
    const level = LEVELS[name];
    if (level) {
      const { title } = properties;
      this.annotate({ level, ...(title !== undefined && { title }), message: data });
      return true;
    }
    const file = DISABLED[name];
    if (file !== undefined) {
      this.failed = true;
      this.annotate({
        level: 'error',
        message: `The \`${name}\` command is disabled. Write to the file $${file} instead.`,
      });
      return true;
    }
    switch (name) {
      case 'stop-commands':
        this.stopToken = data.toLowerCase();
        return true;
      case 'add-mask':
        if (data.trim() === '')
          this.annotate({ level: 'warning', message: "Can't add secret mask for empty string." });
        this.masks.add(data);
        return true;
      case 'group':
      case 'endgroup':
        this.write(`##[${name}]${data}`);
        return true;
      // Without debug logging, and without matchers of problems, these leave no trace.
      case 'debug':
      case 'echo':
      case 'add-matcher':
      case 'remove-matcher':
        return true;
      default:
        return false;
    }
  }
}
