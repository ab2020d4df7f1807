import { sharepointRules } from "./sharepoint-options.js";
import { createSharepointSource } from "./sharepoint-source.js";
import { vendorKind } from "./vendor-record.js";

/** The files of a document library in SharePoint or OneDrive. */
export const sharepointKind = vendorKind(sharepointRules, ({ location }, read, { fetch }) =>
  createSharepointSource({ ...read, location, fetch }),
);
