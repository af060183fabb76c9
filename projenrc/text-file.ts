import type { Project } from 'projen';
import { FileBase, type FileBaseOptions } from 'projen/lib/file';

/** A generated file whose text is ready, so that its format is nobody else's affair. */
export class GeneratedText extends FileBase {
  constructor(
    project: Project,
    path: string,
    private readonly text: string,
    options: FileBaseOptions = {},
  ) {
    super(project, path, { marker: false, ...options });
  }

  protected synthesizeContent(): string {
    return this.text;
  }
}
