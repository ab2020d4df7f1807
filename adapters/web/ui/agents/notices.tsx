import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import type { Block } from "../../../../src/ports/reply.js";
import type { MessageView } from "../../api.js";
import { BlocksView } from "../reply/reply-view.js";
import { blockWords } from "../reply/reply-words.js";
import { timeOfDay } from "../state/times.js";

/** What may not have reached a customer: nobody waits in a queue for it, so it is said here, in one line each. */
export function Notices({ notices }: { notices: readonly MessageView[] }) {
  if (notices.length === 0) return null;
  return (
    <section className="queue-section" aria-label="Notices">
      <h3>Notices of the last day</h3>
      <ul className="notices">
        {notices.map((notice) => (
          <li key={notice.messageId}>
            <Notice notice={notice} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Notice({ notice: { createdAt, reply, partial } }: { notice: MessageView }) {
  const blocks = reply?.blocks ?? partial;
  return (
    <Disclosure className="notice">
      <Heading level={4}>
        <Button slot="trigger" className="notice-line">
          <time dateTime={createdAt}>{timeOfDay(createdAt)}</time>
          <span className="notice-words">{lineOf(blocks)}</span>
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className="notice-body message-body">
          <BlocksView blocks={blocks} citations={reply?.citations ?? []} />
        </div>
      </DisclosurePanel>
    </Disclosure>
  );
}

function lineOf(blocks: readonly Block[]): string {
  return blocks.map(blockWords).join(" · ");
}
