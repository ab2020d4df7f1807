import { z } from "zod";

/** What Bot Connector refuses a request with. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Teams takes about 100 KB, counted as UTF-16. */
export const SIZE_LIMIT = 100 * 1024;

const account = z.strictObject({ id: z.string().min(1), name: z.string().optional() });

export const streamInfoSchema = z.strictObject({
  type: z.literal("streaminfo"),
  streamType: z.enum(["informative", "streaming", "final"]),
  streamId: z.string().min(1).optional(),
  streamSequence: z.int().positive().optional(),
});

const claim = z.strictObject({
  "@type": z.literal("Claim"),
  position: z.int().positive(),
  appearance: z.strictObject({
    "@type": z.literal("DigitalDocument"),
    name: z.string().min(1).max(80),
    url: z.httpUrl().optional(),
    abstract: z.string().min(1).max(160),
    keywords: z.array(z.string().max(28)).max(3).optional(),
  }),
});

const messageEntity = z.strictObject({
  type: z.literal("https://schema.org/Message"),
  "@type": z.literal("Message"),
  "@context": z.literal("https://schema.org"),
  "@id": z.literal("").optional(),
  additionalType: z.tuple([z.literal("AIGeneratedContent")]).optional(),
  citation: z.array(claim).max(20).optional(),
});

const mention = z.strictObject({ type: z.literal("mention"), text: z.string().min(1), mentioned: account });

const execute = z.strictObject({
  type: z.literal("Action.Execute"),
  title: z.string().min(1),
  verb: z.string().min(1),
  data: z.record(z.string(), z.unknown()),
});
const cardElement = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("TextBlock"), text: z.string().min(1), wrap: z.boolean().optional() }),
  z.strictObject({
    type: z.literal("Input.Text"),
    id: z.string().min(1),
    label: z.string().min(1),
    isMultiline: z.boolean().optional(),
    maxLength: z.int().positive().optional(),
    value: z.string().optional(),
  }),
  z.strictObject({ type: z.literal("ActionSet"), actions: z.array(execute).min(1).max(6) }),
]);
const card = z.strictObject({
  $schema: z.literal("http://adaptivecards.io/schemas/adaptive-card.json"),
  type: z.literal("AdaptiveCard"),
  version: z.enum(["1.2", "1.3", "1.4", "1.5"]),
  body: z.array(cardElement).min(1),
  actions: z.array(execute).max(6).optional(),
});
const cardAttachment = z.strictObject({
  contentType: z.literal("application/vnd.microsoft.card.adaptive"),
  content: card,
  name: z.string().optional(),
});
const image = (type: "png" | "jpeg" | "gif") =>
  z.strictObject({
    contentType: z.literal(`image/${type}`),
    contentUrl: z.string().regex(new RegExp(`^(?:https://|data:image/${type};base64,[A-Za-z0-9+/]+=*$)`, "u")),
    name: z.string().optional(),
  });
const attachment = z.discriminatedUnion("contentType", [cardAttachment, image("png"), image("jpeg"), image("gif")]);

const envelope = {
  id: z.string().optional(),
  from: account.optional(),
  recipient: account.optional(),
  conversation: z.strictObject({ id: z.string().min(1) }).optional(),
  channelId: z.literal("msteams").optional(),
  serviceUrl: z.string().optional(),
  replyToId: z.string().optional(),
  locale: z.string().optional(),
};

const messageSchema = z
  .strictObject({
    ...envelope,
    type: z.literal("message"),
    text: z.string().optional(),
    textFormat: z.enum(["markdown", "plain", "xml"]).optional(),
    entities: z.array(z.discriminatedUnion("type", [streamInfoSchema, messageEntity, mention])).optional(),
    attachments: z.array(attachment).max(10).optional(),
    channelData: z.strictObject({ feedbackLoop: z.strictObject({ type: z.enum(["default", "custom"]) }) }).optional(),
  })
  .refine(({ text, attachments }) => (text ?? "").trim() !== "" || (attachments ?? []).length > 0, {
    error: "a message needs text or an attachment",
  });

const typingSchema = z.strictObject({
  ...envelope,
  type: z.literal("typing"),
  text: z.string().optional(),
  entities: z.array(streamInfoSchema).max(1).optional(),
});

export type MessageActivity = z.infer<typeof messageSchema>;
export type TypingActivity = z.infer<typeof typingSchema>;
export type SentActivity = MessageActivity | TypingActivity;
export type StreamInfo = z.infer<typeof streamInfoSchema>;

const activitySchema = z.discriminatedUnion("type", [messageSchema, typingSchema]);

/** The activity, or why it is refused. Everything that it may not say is refused, not ignored. */
export function readSentActivity(body: string): SentActivity | Refusal {
  if (2 * body.length > SIZE_LIMIT)
    return { status: 413, code: "MessageSizeTooBig", message: "Message size too large" };
  const parsed = activitySchema.safeParse(parseJson(body));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return badRequest(`${issue?.path.map(String).join(".") ?? ""}: ${issue?.message ?? ""}`);
  }
  return ruleBroken(parsed.data) ?? parsed.data;
}

export function isRefusal(value: object): value is Refusal {
  return "status" in value && "code" in value;
}

export function badRequest(message: string): Refusal {
  return { status: 400, code: "BadSyntax", message };
}

export function streamInfoOf({ entities }: SentActivity): StreamInfo | null {
  return (entities ?? []).find((entity) => entity.type === "streaminfo") ?? null;
}

function ruleBroken(activity: SentActivity): Refusal | null {
  if (activity.type === "typing") {
    const isText = (activity.text ?? "") !== "";
    return isText && streamInfoOf(activity) === null
      ? badRequest("text of a typing activity needs a streaminfo")
      : null;
  }
  const entities = activity.entities ?? [];
  const roots = entities.filter((entity) => entity.type === "https://schema.org/Message");
  if (roots.length > 1) return badRequest("more than one root message entity");
  if (entities.filter(({ type }) => type === "streaminfo").length > 1) return badRequest("more than one streaminfo");
  const text = activity.text ?? "";
  for (const { position } of roots.flatMap(({ citation }) => citation ?? [])) {
    if (!text.includes(`[${position}]`)) return badRequest(`the text does not mark citation ${position}`);
  }
  const positions = roots.flatMap(({ citation }) => (citation ?? []).map(({ position }) => position));
  if (new Set(positions).size < positions.length) return badRequest("two citations of one position");
  const unmarked = entities.find((entity) => entity.type === "mention" && !text.includes(entity.text));
  return unmarked === undefined ? null : badRequest("a mention that is not in the text");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
