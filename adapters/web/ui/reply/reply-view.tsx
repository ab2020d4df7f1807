import { Fragment, useContext, type ReactNode } from "react";
import { Button } from "react-aria-components";
import type { Block, Citation, Inline, TableCell } from "../../../../src/ports/reply.js";
import { fileSizeText } from "../../../../src/text/file-size.js";
import { keepMarksWithWords } from "./keep-marks.js";
import { OpenCitationContext } from "../passage/open-citation.js";

/** Renders a reply tree. Every word becomes a text node, whoever wrote it. */
export function BlocksView({ blocks, citations }: { blocks: readonly Block[]; citations: readonly Citation[] }) {
  return (
    <>
      {blocks.map((block, index) => (
        <BlockView key={index} block={block} citations={citations} />
      ))}
    </>
  );
}

function BlockView({ block, citations }: { block: Block; citations: readonly Citation[] }): ReactNode {
  switch (block.kind) {
    case "paragraph":
      return (
        <p>
          <Inlines nodes={block.children} citations={citations} />
        </p>
      );
    case "heading":
      return (
        <p className="reply-heading">
          <Inlines nodes={block.children} citations={citations} />
        </p>
      );
    case "list":
      return <ListView block={block} citations={citations} />;
    case "code":
      return (
        // Scrolls sideways by keyboard too, so it can be focused.
        <pre tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "file":
      return (
        <p>
          <a href={block.url} download={block.name}>
            {block.name}
          </a>{" "}
          ({fileSizeText(block.sizeBytes)})
        </p>
      );
    case "quote":
      return (
        <blockquote>
          <BlocksView blocks={block.blocks} citations={citations} />
        </blockquote>
      );
    case "table":
      return <TableView block={block} citations={citations} />;
  }
}

function ListView({ block, citations }: { block: Extract<Block, { kind: "list" }>; citations: readonly Citation[] }) {
  const items = block.items.map((item, index) => (
    <li key={index}>
      <BlocksView blocks={item} citations={citations} />
    </li>
  ));
  return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>;
}

function TableView({ block, citations }: { block: Extract<Block, { kind: "table" }>; citations: readonly Citation[] }) {
  const cells = (row: readonly TableCell[], Cell: "th" | "td") =>
    row.map((cell, index) => (
      <Cell key={index} {...(Cell === "th" ? { scope: "col" } : {})}>
        <Inlines nodes={cell} citations={citations} />
      </Cell>
    ));
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>{cells(block.header, "th")}</tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={index}>{cells(row, "td")}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Inlines({ nodes, citations }: { nodes: readonly Inline[]; citations: readonly Citation[] }) {
  return (
    <>
      {keepMarksWithWords(nodes).map((group, index) => (
        <span key={index} className={group.length > 1 ? "with-mark" : undefined}>
          {group.map((node, place) => (
            <Fragment key={place}>
              <InlineView node={node} citations={citations} />
            </Fragment>
          ))}
        </span>
      ))}
    </>
  );
}

function InlineView({ node, citations }: { node: Inline; citations: readonly Citation[] }): ReactNode {
  switch (node.kind) {
    case "text":
      return node.text;
    case "strong":
      return (
        <strong>
          <Inlines nodes={node.children} citations={citations} />
        </strong>
      );
    case "emphasis":
      return (
        <em>
          <Inlines nodes={node.children} citations={citations} />
        </em>
      );
    case "strike":
      return (
        <s>
          <Inlines nodes={node.children} citations={citations} />
        </s>
      );
    case "code":
      return <code>{node.text}</code>;
    case "break":
      return <br />;
    case "mention":
      return node.name;
    case "citation":
      return <CitationMark number={node.number} citation={citations.find(({ number }) => number === node.number)} />;
  }
}

/** While an answer streams its sources are not known yet: the mark is shown and cannot be pressed. */
function CitationMark({ number, citation }: { number: number; citation: Citation | undefined }) {
  const open = useContext(OpenCitationContext);
  if (citation === undefined) return <span className="citation-mark is-pending">{number}</span>;
  return (
    <Button className="citation-mark" aria-label={`Source ${number}: ${citation.title}`} onPress={() => open(citation)}>
      {number}
    </Button>
  );
}
