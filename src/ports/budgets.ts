/** What may be spent on answers. Null where as much as is asked for may be. */
export interface BudgetLimits {
  /** Questions of one person. A minute begins with their first question, a day at midnight, UTC. */
  readonly person: { readonly perMinute: number | null; readonly perDay: number | null };
  /** Of all people together, a day. */
  readonly tenant: Readonly<Record<keyof BudgetUse, number | null>>;
  /** What an answer counts as until it is known what it took. One that is never recorded stays counted so. */
  readonly hold: Pick<BudgetUse, "tokens" | "cost">;
}

export interface BudgetUse {
  readonly questions: number;
  /** Read and written by models that write. */
  readonly tokens: number;
  /** US dollars. */
  readonly cost: number;
}

export const NO_LIMITS: BudgetLimits = {
  person: { perMinute: null, perDay: null },
  tenant: { questions: null, tokens: null, cost: null },
  hold: { tokens: 0, cost: 0 },
};

export interface BudgetRequest {
  /** Who asks: their installation and the platform's id for them. */
  readonly installationId: string;
  readonly personId: string;
  /** The stored event: worked on again, it is no further question of the person. */
  readonly inboxId: string;
}

export type Allowance =
  /** Null where nothing is counted. */
  | { readonly kind: "granted"; readonly hold: BudgetHold | null }
  /** `isFirst` for the first question above the limit in its period. */
  | { readonly kind: "person-spent"; readonly period: "minute" | "day"; readonly isFirst: boolean }
  /** What was used when the question came. */
  | { readonly kind: "tenant-spent"; readonly use: BudgetUse };

/** Held of the tenant's budget for one answer. */
export interface BudgetHold extends Pick<BudgetUse, "tokens" | "cost"> {
  /** The day whose budget it is of. */
  readonly day: Date;
}

export interface BudgetStore {
  /** Counts a question and holds what its answer may take, in one statement; of two at once the database decides. */
  take(limits: BudgetLimits, request: BudgetRequest): Promise<Allowance>;
  /** Takes an answer that was not made out of the count of its day. */
  giveBack(hold: BudgetHold): Promise<void>;
  /** Forgets what people used on days that are over. */
  forgetPast(): Promise<number>;
}
