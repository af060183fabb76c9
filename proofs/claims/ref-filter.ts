/** A list of patterns below `branches` or `tags`; a later pattern overrules an earlier one. */
export interface RefFilter {
  readonly admits: (name: string) => boolean;
  /** Names that the list admits, made from its patterns. */
  readonly samples: readonly string[];
}

/** What stands for a wildcard in the samples. */
const STAR = ['1.2.3', '0'] as const;
const DOUBLE_STAR = ['1/2', '1'] as const;

type Part =
  | { readonly kind: 'star' }
  | { readonly kind: 'doubleStar' }
  | {
      readonly kind: 'character';
      readonly expression: string;
      readonly sample: string;
      readonly repeat: string;
    };

/**
 * Reads patterns as GitHub does.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#filter-pattern-cheat-sheet
 */
export function refFilter(patterns: readonly string[]): RefFilter {
  const rules = patterns.map((pattern) => {
    const negated = pattern.startsWith('!');
    const parts = partsOf(negated ? pattern.slice(1) : pattern);
    return { negated, parts, expression: new RegExp(`^${parts.map(expressionOf).join('')}$`) };
  });
  const admits = (name: string): boolean =>
    rules.reduce((admitted, { negated, expression }) => (expression.test(name) ? !negated : admitted), false);
  const samples = rules
    .filter(({ negated }) => !negated)
    .flatMap(({ parts }) =>
      ([0, 1] as const).map((variant) => parts.map((part) => sampleOf(part, variant)).join('')),
    );
  return { admits, samples: [...new Set(samples)].filter(admits) };
}

function partsOf(pattern: string): Part[] {
  const made: Part[] = [];
  const texts = pattern.match(/\*\*|\*|\[[^\]]*\]|\\.|[\s\S]/g) ?? [];
  for (const text of texts) {
    const last = made.at(-1);
    if (text === '**') made.push({ kind: 'doubleStar' });
    else if (text === '*') made.push({ kind: 'star' });
    else if ((text === '?' || text === '+') && last?.kind === 'character') {
      made[made.length - 1] = { ...last, repeat: text };
    } else made.push(character(text));
  }
  return made;
}

function character(text: string): Part {
  if (text.startsWith('[') && text.length > 2) {
    const inside = text.slice(1, -1).replace(/[\\\]^]/g, '\\$&');
    return { kind: 'character', expression: `[${inside}]`, sample: text.charAt(1), repeat: '' };
  }
  const sample = text.length === 2 && text.startsWith('\\') ? text.charAt(1) : text;
  return {
    kind: 'character',
    expression: sample.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'),
    sample,
    repeat: '',
  };
}

function expressionOf(part: Part): string {
  if (part.kind === 'star') return '[^/]*';
  return part.kind === 'doubleStar' ? '.*' : part.expression + part.repeat;
}

function sampleOf(part: Part, variant: 0 | 1): string {
  if (part.kind === 'star') return STAR[variant];
  return part.kind === 'doubleStar' ? DOUBLE_STAR[variant] : part.sample;
}
