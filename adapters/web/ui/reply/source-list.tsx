import { useContext } from "react";
import { Button } from "react-aria-components";
import type { Citation } from "../../../../src/ports/reply.js";
import { OpenCitationContext } from "../passage/open-citation.js";

/** What an answer rests on, one line each. */
export function SourceList({ citations }: { citations: readonly Citation[] }) {
  const open = useContext(OpenCitationContext);
  if (citations.length === 0) return null;
  return (
    <ul className="source-list" aria-label="Sources">
      {citations.map((citation) => (
        <li key={citation.number}>
          <Button className="source" onPress={() => open(citation)}>
            <span className="source-number">{citation.number}</span>
            <span className="source-title">{citation.title}</span>
            <HeadingTrail {...citation} />
          </Button>
        </li>
      ))}
    </ul>
  );
}

function HeadingTrail({ title, headingPath, page }: Citation) {
  const heading = headingPath.filter((each) => each !== title).at(-1);
  const place = [...(heading === undefined ? [] : [heading]), ...(page === undefined ? [] : [`page ${page}`])];
  return place.length === 0 ? null : <span className="source-heading">{place.join(", ")}</span>;
}
