import type { Quality } from '../../contract';

/** A program that tests a folder, and how it is written when it leaves nothing out. */
export interface Suite {
  /** Such as `the tests of kvs-infer`. */
  readonly name: string;
  /** For people: what should stand there. */
  readonly command: string;
  readonly directory: string;
  /** Scripts that run it, by whatever program and however well. */
  readonly program: RegExp;
  /** The program alone, with options that leave no test out. */
  readonly alone: RegExp;
  /** Variables by which it takes more options. */
  readonly options: RegExp;
}

const PYTHON: Pick<Suite, 'command' | 'program' | 'alone' | 'options'> = {
  command: 'python -m pytest',
  program: /\b(?:pytest|unittest)\b/,
  alone:
    /^(?:exec )?(?:python[\d.]* -m )?(?:pytest|unittest)(?: (?:-[qvxs]+|-r\w+|--(?:exitfirst|verbose|quiet|strict-markers|strict-config|maxfail=\d+|durations=\d+|tb=\w+|color=\w+|junit-?xml=[\w./-]+|cov(?:-[\w-]+)?(?:=[\w./:-]+)?)))*$/,
  options: /^PYTEST_/,
};

/** Variables of Go and its C compiler. @see https://pkg.go.dev/cmd/go#hdr-Environment_variables */
const GO_VARIABLES = /^(?:GO[A-Z0-9_]+|CGO_\w+|CC|CXX)$/;

/**
 * Both look at every package of a module. Options that choose among tests (`-run`, `-skip`, `-short`), that run none
 * (`-list`, `-c`, `-count=0`) or that run them by another program (`-exec`) are not among those that may stand there.
 *
 * @see https://pkg.go.dev/cmd/go#hdr-Testing_flags
 * @see https://pkg.go.dev/cmd/vet
 */
const GO: readonly (Pick<Suite, 'command' | 'program' | 'alone'> & { readonly what: string })[] = [
  {
    what: 'the examination',
    command: 'go vet ./...',
    program: /\bgo\s+(?:-C\s+\S+\s+)?vet\b/,
    alone: /^(?:exec )?go vet(?: -(?:json|v))* \.\/\.\.\.$/,
  },
  {
    what: 'the tests',
    command: 'go test -race ./...',
    program: /\bgo\s+(?:-C\s+\S+\s+)?test\b/,
    // The race detector may stand anywhere among the options.
    alone:
      /^(?=.* -race(?: |$))(?:exec )?go test(?: -(?:race|v|json|failfast|cover|count=[1-9]\d*|shuffle=(?:on|\d+)|timeout=\w+|parallel=\d+|p=\d+|covermode=atomic|coverprofile=[\w./-]+))* \.\/\.\.\.$/,
  },
];

/** Variables by which npm and Node.js take options, and by which npm would run another package's scripts. */
const NODE_VARIABLES = /^(?:NODE_OPTIONS|npm_\w+)$/i;

/**
 * A script of `package.json`, by its name alone: `--if-present` passes where there is none, `--workspace`, `--prefix` and
 * `-C` look elsewhere, and what stands behind `--` chooses among the tests.
 *
 * @see https://docs.npmjs.com/cli/v10/commands/npm-run-script
 */
function npmScript(name: string): Pick<Suite, 'command' | 'program' | 'alone'> {
  const short = name === 'test' ? '(?:run(?:-script)? )?test' : `run(?:-script)? ${name}`;
  return {
    command: `npm run ${name}`,
    program: new RegExp(`\\bnpm\\b[^\\n;&|]*\\s${name}(?![\\w:-])`),
    alone: new RegExp(`^(?:exec )?npm ${short}$`),
  };
}

/** What must have passed before a workload is built. */
export function suitesOf(workload: string, quality: Quality): readonly Suite[] {
  switch (quality.language) {
    case 'python':
      return [{ ...PYTHON, name: `the tests of ${workload}`, directory: quality.directory }];
    case 'go':
      return quality.modules.flatMap((directory) =>
        GO.map(({ what, ...suite }) => ({
          ...suite,
          name: `${what} of ${directory}`,
          directory,
          options: GO_VARIABLES,
        })),
      );
    case 'node':
      return quality.scripts.map((script) => ({
        ...npmScript(script),
        name: `the script ${script} of ${workload}`,
        directory: quality.directory,
        options: NODE_VARIABLES,
      }));
  }
}
