/** How parts of an explanation are coloured. */
export type Paint = Readonly<
  Record<'good' | 'bad' | 'unsure' | 'dim' | 'bold', (text: string) => string>
>;

const same = (text: string): string => text;
/** For files and pipes. */
export const NO_PAINT: Paint = { good: same, bad: same, unsure: same, dim: same, bold: same };
