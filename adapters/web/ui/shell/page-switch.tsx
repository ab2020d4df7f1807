import { Button } from "react-aria-components";
import { BookIcon, PersonIcon } from "./icons.js";

export type Page = "desk" | "knowledge";

/** Goes to the page on knowledge, and back to the desk. */
export function PageSwitch({ page, onChange }: { page: Page; onChange: (page: Page) => void }) {
  const isDesk = page === "desk";
  return (
    <nav className="page-switch" aria-label="Pages">
      <Button className="button is-quiet" onPress={() => onChange(isDesk ? "knowledge" : "desk")}>
        {isDesk ? <BookIcon size={16} /> : <PersonIcon size={16} />} <span>{isDesk ? "Knowledge" : "Desk"}</span>
      </Button>
    </nav>
  );
}
