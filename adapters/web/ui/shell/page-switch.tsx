import type { MouseEvent } from "react";
import { addressOf, DESK, KNOWLEDGE, type Go, type Place } from "../state/place.js";
import { BookIcon, PersonIcon } from "./icons.js";

/** Goes to the page on knowledge, and back to the desk. */
export function PageSwitch({ page, onGo }: { page: Place["page"]; onGo: Go }) {
  const isDesk = page === "desk";
  const target = isDesk ? KNOWLEDGE : DESK;
  const follow = (event: MouseEvent) => {
    // With a key held the browser opens a tab or a window, as with every link.
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onGo(target);
  };
  return (
    <nav className="page-switch" aria-label="Pages">
      <a className="button is-quiet" href={addressOf(target)} onClick={follow}>
        {isDesk ? <BookIcon size={16} /> : <PersonIcon size={16} />} <span>{isDesk ? "Knowledge" : "Desk"}</span>
      </a>
    </nav>
  );
}
