/**
 * Control characters (C0, C1, DEL), line and paragraph separators, bidi controls and isolates,
 * zero-width, filler and tag characters: what can move a cursor, reorder text or hide in it.
 */
const UNSAFE =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- naming such characters is the purpose.
  /[\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u2800\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]|\uDB40[\uDC00-\uDFFF]/g;
/** A half of a surrogate pair alone: no UTF-8 can carry it. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** Text from outside made harmless for a terminal, a log and a page, at most `maxLength` characters. */
export const cleanText = (text: string, maxLength: number): string =>
  text
    .slice(0, maxLength * 8)
    // First: what is removed between two halves must not join them to a character.
    .replace(LONE_SURROGATE, '')
    .replace(UNSAFE, '')
    .trim()
    .slice(0, maxLength)
    .replace(LONE_SURROGATE, '')
    .trimEnd();
