import { ProjenrcFile } from 'projen/lib/projenrc';

/** Tells projen the name of its own file, so that generated files point to it. */
export class TypeScriptProjenrc extends ProjenrcFile {
  readonly filePath = '.projenrc.ts';
}
