import { z } from "zod";

export const NOTE_VIEW = "deskhand.note-view";
export const NOTE_BLOCK = "note";
const BLOCK = NOTE_BLOCK;
const FIELD = "text";
const LONGEST_NOTE = 3_000;

const placeSchema = z.object({ channel: z.string().min(1), key: z.string().min(1) });
const stateSchema = z.object({
  values: z.object({ [BLOCK]: z.object({ [FIELD]: z.object({ value: z.string().nullish() }) }) }),
});

/** The card's thread that a note is written for. */
export type NotePlace = z.infer<typeof placeSchema>;

/** The form for an internal note. Slack keeps the place with it, unseen. */
export function noteView(place: NotePlace) {
  const plain = (text: string) => ({ type: "plain_text", text });
  return {
    type: "modal",
    callback_id: NOTE_VIEW,
    title: plain("Internal note"),
    submit: plain("Save"),
    close: plain("Cancel"),
    private_metadata: JSON.stringify(place),
    blocks: [
      {
        type: "input",
        block_id: BLOCK,
        label: plain("Only the team sees this"),
        element: { type: "plain_text_input", action_id: FIELD, multiline: true, max_length: LONGEST_NOTE },
      },
    ],
  };
}

/** What was sent in, or null for a form that is not as we made it. */
export function readNoteView(privateMetadata: string, state: unknown): (NotePlace & { readonly text: string }) | null {
  const place = placeSchema.safeParse(parseJson(privateMetadata));
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
