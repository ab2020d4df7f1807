import { z } from "zod";
import { LONGEST_FAULT_WORDS } from "../../../src/ports/answer-cases.js";

export const NOTE_VIEW = "deskhand.note-view";
export const EDIT_VIEW = "deskhand.edit-view";
export const FAULT_VIEW = "deskhand.fault-view";
export const NOTE_BLOCK = "note";
const BLOCK = NOTE_BLOCK;
const FIELD = "text";
const LONGEST_NOTE = 3_000;

const placeSchema = z.object({ channel: z.string().min(1), key: z.string().min(1) });
const stateSchema = z.object({
  values: z.object({ [BLOCK]: z.object({ [FIELD]: z.object({ value: z.string().nullish() }) }) }),
});

const faultPlaceSchema = placeSchema.extend({ answerId: z.uuid() });
type FaultPlace = z.infer<typeof faultPlaceSchema>;

const editPlaceSchema = placeSchema.extend({ candidateId: z.uuid(), seen: z.iso.datetime() });
type EditPlace = z.infer<typeof editPlaceSchema>;

/** The card's thread that a note is written for. */
export type NotePlace = z.infer<typeof placeSchema>;

/** The form for an internal note. Slack keeps the place with it, unseen. */
export function noteView(place: NotePlace) {
  const words = { title: "Internal note", label: "Only the team sees this", submit: "Save", longest: LONGEST_NOTE };
  return formView(NOTE_VIEW, place, words);
}

/** The form for what is wrong with an answer. */
export function faultView(place: FaultPlace) {
  const words = {
    title: "What was wrong?",
    label: "Only the team sees this",
    submit: "Send",
    longest: LONGEST_FAULT_WORDS,
  };
  return formView(FAULT_VIEW, place, words);
}

/** The form for another answer of a candidate. @param answer that it begins with */
export function editView(place: EditPlace, answer: string) {
  const words = { title: "Edit the answer", label: "The answer", submit: "Save", longest: LONGEST_NOTE };
  return formView(EDIT_VIEW, place, { ...words, initial: answer.slice(0, LONGEST_NOTE) });
}

interface FormWords {
  readonly initial?: string;
  readonly title: string;
  readonly label: string;
  readonly submit: string;
  readonly longest: number;
}

function formView(callbackId: string, place: NotePlace, { title, label, submit, longest, initial = "" }: FormWords) {
  const plain = (text: string) => ({ type: "plain_text", text });
  return {
    type: "modal",
    callback_id: callbackId,
    title: plain(title),
    submit: plain(submit),
    close: plain("Cancel"),
    private_metadata: JSON.stringify(place),
    blocks: [
      {
        type: "input",
        block_id: BLOCK,
        label: plain(label),
        element: {
          ...{ type: "plain_text_input", action_id: FIELD, multiline: true, max_length: longest },
          ...(initial === "" ? {} : { initial_value: initial }),
        },
      },
    ],
  };
}

/** What was sent in, or null for a form that is not as we made it. */
export function readNoteView(privateMetadata: string, state: unknown): (NotePlace & { readonly text: string }) | null {
  return readForm(placeSchema, privateMetadata, state);
}

export function readFaultView(
  privateMetadata: string,
  state: unknown,
): (FaultPlace & { readonly text: string }) | null {
  return readForm(faultPlaceSchema, privateMetadata, state);
}

export function readEditView(privateMetadata: string, state: unknown): (EditPlace & { readonly text: string }) | null {
  return readForm(editPlaceSchema, privateMetadata, state);
}

function readForm<Place extends NotePlace>(
  schema: z.ZodType<Place>,
  privateMetadata: string,
  state: unknown,
): (Place & { readonly text: string }) | null {
  const place = schema.safeParse(parseJson(privateMetadata));
  const values = stateSchema.safeParse(state);
  if (!place.success || !values.success) return null;
  const text = values.data.values[BLOCK][FIELD].value?.trim() ?? "";
  return text === "" ? null : { ...place.data, text };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
