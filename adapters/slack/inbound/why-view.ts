import { z } from "zod";
import { LONGEST_RATING_WORDS } from "../../../src/ports/ratings.js";

export const WHY_VIEW = "deskhand.why-view";
export const WHY_BLOCK = "why";
const FIELD = "text";

const placeSchema = z.object({ channel: z.string().min(1), key: z.string().min(1), handoffId: z.uuid() });
const stateSchema = z.object({
  values: z.object({ [WHY_BLOCK]: z.object({ [FIELD]: z.object({ value: z.string().nullish() }) }) }),
});

/** Where the rating was given, and of what. */
export type WhyPlace = z.infer<typeof placeSchema>;

/** The form for what a customer adds to their rating. Slack keeps the place with it, unseen. */
export function whyView(place: WhyPlace) {
  const plain = (text: string) => ({ type: "plain_text", text });
  return {
    type: "modal",
    callback_id: WHY_VIEW,
    title: plain("Your rating"),
    submit: plain("Send"),
    close: plain("Cancel"),
    private_metadata: JSON.stringify(place),
    blocks: [
      {
        type: "input",
        block_id: WHY_BLOCK,
        label: plain("Say why"),
        element: { type: "plain_text_input", action_id: FIELD, multiline: true, max_length: LONGEST_RATING_WORDS },
      },
    ],
  };
}

/** What was sent in, or null for a form that is not as we made it. */
export function readWhyView(privateMetadata: string, state: unknown): (WhyPlace & { readonly words: string }) | null {
  const place = placeSchema.safeParse(parseJson(privateMetadata));
  const values = stateSchema.safeParse(state);
  if (!place.success || !values.success) return null;
  return { ...place.data, words: values.data.values[WHY_BLOCK][FIELD].value?.trim() ?? "" };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
