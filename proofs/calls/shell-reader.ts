import { merged, type Part, type Word } from './shell-word';

const OPERATOR = /^(?:\|\||&&|;;&|;;|;&|\|&|[;&|()\n])/;
const REDIRECTION = /^(?:\d*(?:<<<|<<-?|>>|>&|<&|>\||<>|&>>|&>|[<>]))/;
const EXPRESSION = /^\$\{\{.*?\}\}/s;
/** Characters that mean nothing to the shell. */
const PLAIN = /^[A-Za-z0-9_.,:@%+=/-]+/;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

/** The rest of a script, read from left to right. Scripts inside of substitutions are handed to `nested`. */
export class ShellReader {
  private at = 0;
  private readonly heredocs: { readonly end: string; readonly quoted: boolean; readonly tabs: boolean }[] =
    [];

  constructor(
    private readonly source: string,
    private readonly nested: (script: string) => void,
  ) {}

  get done(): boolean {
    this.skipBlanks();
    return this.at >= this.source.length;
  }

  private get rest(): string {
    return this.source.slice(this.at);
  }

  /** The operator at this place, consumed; a newline brings the bodies of here-documents with it. */
  operator(): string | undefined {
    this.skipBlanks();
    if (/^(?:&>)/.test(this.rest)) return undefined;
    const found = OPERATOR.exec(this.rest)?.[0];
    if (found === undefined) return undefined;
    this.at += found.length;
    if (found === '\n') this.skipHeredocs();
    return found;
  }

  /** Consumes `>file`, `2>&1`, `<<END` and the like. */
  redirection(): boolean {
    this.skipBlanks();
    const found = REDIRECTION.exec(this.rest)?.[0];
    if (found === undefined || /^[<>]\(/.test(this.rest)) return false;
    this.at += found.length;
    this.skipBlanks();
    const start = this.at;
    const [target] = this.words();
    if (/<<-?$/.test(found)) {
      const written = this.source.slice(start, this.at);
      const end = (target?.parts ?? []).map((part) => ('text' in part ? part.text : '')).join('');
      this.heredocs.push({ end, quoted: /['"\\]/.test(written), tabs: found.endsWith('-') });
    }
    return true;
  }

  /** Consumes the patterns of a branch of `case`. False at `esac`. */
  casePatterns(): boolean {
    while (/^[\s]/.test(this.rest)) this.at += 1;
    if (/^esac\b/.test(this.rest)) return false;
    if (this.rest.startsWith('(')) this.at += 1;
    while (this.at < this.source.length && !this.rest.startsWith(')')) this.part(false, []);
    this.at += 1;
    return true;
  }

  /** Consumes up to `end`, as in `[[ … ]]`; what is substituted inside is still read. */
  skipTo(end: string): void {
    while (this.at < this.source.length && !this.rest.startsWith(end)) this.part(false, []);
    this.at += end.length;
  }

  /** True when `()` comes next, consumed: a function is being defined. */
  definition(): boolean {
    const found = /^[ \t]*\([ \t]*\)/.exec(this.rest)?.[0];
    this.at += found?.length ?? 0;
    return found !== undefined;
  }

  /** The next word; more than one, or none, for `${NAME:+words}`. */
  words(): readonly Word[] {
    const parts: Part[] = [];
    const optional = this.alternative();
    if (optional) return optional;
    while (this.at < this.source.length && !/^(?:[ \t\r\n;&|()]|[<>](?!\())/.test(this.rest))
      this.part(false, parts);
    return [{ parts: merged(parts), optional: false }];
  }

  private skipBlanks(): void {
    const found = /^(?:[ \t\r]|\\\n|#[^\n]*)+/.exec(this.rest)?.[0];
    this.at += found?.length ?? 0;
  }

  private skipHeredocs(): void {
    for (const { end, quoted, tabs } of this.heredocs.splice(0)) {
      const body: string[] = [];
      while (this.at < this.source.length) {
        const line = /^[^\n]*\n?/.exec(this.rest)?.[0] ?? '';
        this.at += line.length;
        const text = line.replace(/\n$/, '');
        if ((tabs ? text.replace(/^\t+/, '') : text) === end) break;
        body.push(line);
      }
      if (!quoted) new ShellReader(body.join(''), this.nested).quotedText();
    }
  }

  private quotedText(): void {
    while (this.at < this.source.length) this.part(true, []);
  }

  /** `${NAME:+--flag "$NAME"}` outside of quotes: words that may be left out. */
  private alternative(): readonly Word[] | undefined {
    const head = /^\$\{[A-Za-z_][A-Za-z0-9_]*:?\+/.exec(this.rest)?.[0];
    if (head === undefined) return undefined;
    const inner = this.enclosed(head.length, '{', '}');
    const reader = new ShellReader(inner, this.nested);
    const words: Word[] = [];
    while (!reader.done) {
      const before = reader.at;
      words.push(...reader.words());
      if (reader.at === before) reader.at += 1;
    }
    return words.map((word) => ({ ...word, optional: true }));
  }

  /** Reads one piece at this place: a quoted text, a variable, a substitution or a character. */
  private part(quoted: boolean, parts: Part[]): void {
    const { rest } = this;
    const expression = EXPRESSION.exec(rest)?.[0];
    if (expression !== undefined) {
      this.at += expression.length;
      parts.push({ kind: 'unknown', text: expression });
    } else if (rest.startsWith('$((')) {
      parts.push({ kind: 'unknown', text: `$(${this.enclosed(2, '(', ')')})` });
    } else if (rest.startsWith('$(')) {
      const script = this.enclosed(2, '(', ')');
      this.nested(script);
      parts.push({ kind: 'unknown', text: `$(${script})` });
    } else if (!quoted && /^[<>]\(/.test(rest)) {
      this.nested(this.enclosed(2, '(', ')'));
      parts.push({ kind: 'unknown', text: '<(…)' });
    } else if (rest.startsWith('`')) {
      const end = this.source.indexOf('`', this.at + 1);
      const script = this.source.slice(this.at + 1, end < 0 ? undefined : end);
      this.at = end < 0 ? this.source.length : end + 1;
      this.nested(script);
      parts.push({ kind: 'unknown', text: `\`${script}\`` });
    } else if (rest.startsWith('${')) {
      const inner = this.enclosed(2, '{', '}');
      if (NAME.exec(inner)?.[0] === inner) parts.push({ kind: 'variable', name: inner });
      else {
        new ShellReader(inner, this.nested).quotedText();
        parts.push({ kind: 'unknown', text: `\${${inner}}` });
      }
    } else if (rest.startsWith('$') && NAME.test(rest.slice(1))) {
      const name = NAME.exec(rest.slice(1))?.[0] ?? '';
      this.at += 1 + name.length;
      parts.push({ kind: 'variable', name });
    } else if (!quoted && rest.startsWith("'")) {
      const end = this.source.indexOf("'", this.at + 1);
      parts.push({ kind: 'text', text: this.source.slice(this.at + 1, end < 0 ? undefined : end) });
      this.at = end < 0 ? this.source.length : end + 1;
    } else if (!quoted && rest.startsWith('"')) {
      this.at += 1;
      parts.push({ kind: 'text', text: '' });
      while (this.at < this.source.length && this.source[this.at] !== '"') this.part(true, parts);
      this.at += 1;
    } else if (rest.startsWith('\\')) {
      const next = this.source[this.at + 1] ?? '';
      if (next !== '\n')
        parts.push({ kind: 'text', text: quoted && !/["\\$`]/.test(next) ? `\\${next}` : next });
      this.at += 2;
    } else {
      const text = PLAIN.exec(rest)?.[0] ?? this.source[this.at] ?? '';
      parts.push({ kind: 'text', text });
      this.at += text.length;
    }
  }

  /** Text between brackets that nest, after an opening of that many characters. Quotes are respected. */
  private enclosed(opening: number, open: string, close: string): string {
    this.at += opening;
    const start = this.at;
    for (let depth = 1; this.at < this.source.length; this.at += 1) {
      const character = this.source[this.at];
      if (character === '\\') this.at += 1;
      else if (character === "'" && open === '(')
        this.at = Math.max(this.at, this.source.indexOf("'", this.at + 1));
      else if (character === open) depth += 1;
      else if (character === close && (depth -= 1) === 0) break;
    }
    const inner = this.source.slice(start, this.at);
    this.at += 1;
    return inner;
  }
}
