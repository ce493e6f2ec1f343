import { NO_ANSWER_YET } from '#shared/domain/cut-short.ts';
import { failed, type Finding } from '#shared/domain/evidence.ts';
import { reasonOf } from '#shared/domain/fault.ts';

/** Stands for an answer that is still on its way; it stays when the analysis ends before it comes. */
export const PENDING: Finding<never> = failed(NO_ANSWER_YET);

/** The finding of a question, its rejection as `failed`. */
export async function settled<Facts>(question: Promise<Finding<Facts>>): Promise<Finding<Facts>> {
  try {
    return await question;
  } catch (error) {
    return failed(reasonOf(error));
  }
}
