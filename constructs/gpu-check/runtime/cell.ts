/** One combination of versions, as the matrix names it. */
export interface GpuCheckCell {
  readonly cuda: string;
  readonly driver: string;
  readonly pytorch: string;
}

/** What one job of the matrix asks for. */
export interface GpuCheckRequest {
  readonly cell: GpuCheckCell;
  /** EC2 type that the task runs on. */
  readonly instanceType: string;
  /** Image of the combination, by tag or digest. */
  readonly image: string;
  /** Longest from asking for the task to its end, a new instance included. */
  readonly timeoutMinutes: number;
}

/** `CUDA 12.1.1, driver 535.54.03, PyTorch 2.4.0`. */
export const cellName = ({ cuda, driver, pytorch }: GpuCheckCell): string =>
  `CUDA ${cuda}, driver ${driver}, PyTorch ${pytorch}`;

export const sameCell = (a: GpuCheckCell, b: GpuCheckCell): boolean =>
  a.cuda === b.cuda && a.driver === b.driver && a.pytorch === b.pytorch;
