import { assert, property, string, stringMatching } from 'fast-check';
import { programsOf } from '../../../proofs/calls/programs';
import { parseScript } from '../../../proofs/calls/shell';
import { showWord, wordText } from '../../../proofs/calls/shell-word';
import { shellWord } from '../../../workflows/steps/shell';

const aws = (script: string): readonly string[] =>
  programsOf(script).flatMap((program) =>
    program.kind === 'aws' ? [program.words.map(showWord).join(' ')] : [],
  );
const unknown = (script: string): readonly string[] =>
  programsOf(script).flatMap(({ kind, text }) => (kind === 'unknown' ? [text] : []));

describe('lines of aws are found', () => {
  test.each([
    ['behind assignments', 'AWS_REGION=eu-west-1 X="a b" aws s3 ls', ['s3 ls']],
    [
      'over several lines',
      'aws ecs \\\n  describe-services \\\n  --cluster c',
      ['ecs describe-services --cluster c'],
    ],
    [
      'in pipes and lists',
      'aws a b | jq . && aws c d || aws e f; aws g h & aws i j',
      ['a b', 'c d', 'e f', 'g h', 'i j'],
    ],
    ['in substitutions', 'x=$(aws a b) y="$(aws c d)" z=`aws e f`', ['a b', 'c d', 'e f']],
    ['in substitutions of substitutions', 'echo "$(aws a "$(aws b c)")"', ['b c', 'a $(aws b c)']],
    ['in process substitutions', 'while read -r x; do echo "$x"; done < <(aws a b)', ['a b']],
    ['in defaults of variables', 'echo "${X:-$(aws a b)}"', ['a b']],
    [
      'in branches and loops',
      'if aws a b; then aws c d; else aws e f; fi; for i in 1; do aws g h; done',
      ['a b', 'c d', 'e f', 'g h'],
    ],
    [
      'in branches of case',
      'case "$X" in\n  a | "b)") aws a b ;;\n  (c) aws c d;;\n  *) ;;\nesac\naws e f',
      ['a b', 'c d', 'e f'],
    ],
    ['in subshells and groups', '(aws a b); { aws c d; }', ['a b', 'c d']],
    ['in functions', 'f() {\n  aws a b\n}\nf', ['a b']],
    ['behind other programs', 'sudo -u x env A=1 timeout 5 aws a b; xargs -n 1 aws c d', ['a b', 'c d']],
    ['inside of another shell', `bash -ec 'aws a b'; eval "aws c d"`, ['a b', 'c d']],
    ['by their path', '/usr/local/bin/aws a b', ['a b']],
    ['after here-documents', 'cat <<EOF\naws no no $(aws a b)\nEOF\naws c d', ['a b', 'c d']],
    ['not in here-documents with quotes', "cat <<'EOF'\n$(aws no no)\nEOF\naws c d", ['c d']],
    [
      'not in comments, quotes and tests',
      `echo 'aws a b' # aws c d\n[[ "$X" == "aws e" && -n "$Y" ]]; echo a#b`,
      [],
    ],
    ['with redirections', 'aws a b > out.txt 2>&1 < in.txt; aws c d &> /dev/null', ['a b', 'c d']],
  ])('%s', (_, script, expected) => {
    expect([...aws(script)].sort()).toEqual([...expected].sort());
  });
});

describe('programs whose calls cannot be told', () => {
  test.each([
    ['a script', './finish.sh --now'],
    ['a program in a variable', '"$TOOL" s3 ls'],
    ['text that is evaluated', 'eval "$COMMAND"'],
    ['a sourced file', '. ./environment'],
    ['find that runs others', 'find . -exec aws s3 cp {} s3://b \\;'],
    ['docker', 'docker push x'],
    ['node with another file', 'node deploy.mjs'],
    ['a shell with a file', 'bash deploy.sh'],
  ])('%s', (_, script) => {
    expect(unknown(script)).toHaveLength(1);
  });

  test.each(['command -v aws', 'echo aws s3 ls', 'test -n "$X" && exit 1', 'x=1', 'f() { echo a; }; f', ''])(
    'not: %s',
    (script) => {
      expect(unknown(script)).toEqual([]);
    },
  );
});

test('an optional word is marked', () => {
  const [command] = parseScript('a ${X:+--flag "$X"} b').commands;
  expect(command?.words.map((word) => [showWord(word), word.optional])).toEqual([
    ['a', false],
    ['--flag', true],
    ['$X', true],
    ['b', false],
  ]);
});

test('any text is read to its end', () => {
  assert(
    property(
      string({ unit: stringMatching(/^[ \n"'$(){}<>|&;`\\#a=*[\]!:+-]$/), maxLength: 40 }),
      (script) => {
        parseScript(script);
      },
    ),
    { numRuns: 3_000 },
  );
});

test('a word that the generator quotes is read as it was', () => {
  assert(
    property(string({ unit: 'grapheme', minLength: 1 }), (text) => {
      const [command] = parseScript(`echo ${shellWord(text)}`).commands;
      const [, word] = command?.words ?? [];
      expect(word && wordText(word, {})).toBe(text);
    }),
  );
});
