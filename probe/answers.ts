import type { HttpResponse } from '../src/events-api/transport.ts';
import { fieldName, isObject } from './forms.ts';

/** An answer by its status and the form of its body. */
export interface Answer {
  status: number;
  /** `original` is `{"Error":{"Message"}}`, `current` is `{"status","message"}`. */
  body: 'original' | 'current' | 'other JSON' | 'text' | 'web page' | 'none';
  /** The names of the members of a JSON object. */
  members: readonly string[];
}

/** A page as far as anything is asked of it. */
export interface Page {
  answer: Answer;
  /** Whether the body has a list of items. */
  isPage: boolean;
  items: readonly unknown[];
  hasMore: unknown;
  cursor: string | undefined;
}

/** The body as text, and as a JSON object if it is one. */
export function text({ body }: HttpResponse): { text: string; json?: unknown; object?: Record<string, unknown> } {
  const raw = new TextDecoder().decode(body);
  try {
    const json: unknown = JSON.parse(raw);
    return { text: raw, json, ...(isObject(json) && { object: json }) };
  } catch {
    return { text: raw };
  }
}

/** The form of a response; no value of it. */
export function answerOf(response: HttpResponse): Answer {
  const { text: raw, json, object } = text(response);
  return {
    status: response.status,
    body: formOf(raw, json, object),
    members: Object.keys(object ?? {}).map(fieldName),
  };
}

/** A response as a page, whatever it really is. */
export function pageOf(response: HttpResponse): Page {
  const { items, has_more: hasMore, cursor } = text(response).object ?? {};
  return {
    answer: answerOf(response),
    isPage: Array.isArray(items),
    items: Array.isArray(items) ? items : [],
    hasMore,
    cursor: typeof cursor === 'string' && cursor !== '' ? cursor : undefined,
  };
}

function formOf(raw: string, json: unknown, object: Record<string, unknown> | undefined): Answer['body'] {
  if (raw.trim() === '') return 'none';
  if (/^\s*</.test(raw)) return 'web page';
  if (json === undefined) return 'text';
  if (isObject(object?.['Error']) && 'Message' in object['Error']) return 'original';
  return object !== undefined && 'status' in object && 'message' in object ? 'current' : 'other JSON';
}
