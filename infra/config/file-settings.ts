import { z } from "zod";

/** What runs when it is opened, on one system or another. */
const PROGRAMS = [
  ...["exe", "msi", "msix", "scr", "com", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf", "wsh", "hta", "cpl"],
  ...["dll", "jar", "lnk", "pif", "reg", "inf", "iso", "img", "vhd", "vhdx", "app", "dmg", "pkg", "sh", "apk"],
];

const ending = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}_+-]{1,20}$/u, "is the end of a name without its dot, for example pdf");

const filesSchema = z.strictObject({
  maxMegabytes: z
    .number()
    .min(0.001)
    .max(200)
    .default(25)
    .describe("A larger file is not passed on, and its sender is told. 1 to 200, in steps as fine as 0.001."),
  types: z
    .array(ending)
    .min(1)
    .max(200)
    .nullable()
    .default(null)
    .describe(
      "Ends of names that are passed on, without the dot (`pdf`); null: all that `blockedTypes` does not name.",
    ),
  blockedTypes: z
    .array(ending)
    .max(200)
    .default(PROGRAMS)
    .describe("Ends of names that are never passed on; as it stands, those of programs."),
  keepDays: z
    .number()
    .min(1)
    .max(90)
    .default(7)
    .describe("A file is deleted here so many days after it came, and links to it end. 1 to 90."),
  scan: z
    .array(z.string().min(1).max(1_000))
    .min(1)
    .max(50)
    .nullable()
    .default(null)
    .describe(
      "A program with its arguments that reads each file on its standard input before anybody gets it. Whatever it ends with but " +
        "0 holds the file back. null: nothing is looked through.",
    ),
  scanSeconds: z
    .number()
    .min(1)
    .max(300)
    .default(30)
    .describe("What is not looked through by then is held back. 1 to 300."),
});

export type FileSettings = z.infer<typeof filesSchema>;

export const handoffFilesSchema = z
  .union([z.literal(false), filesSchema])
  .prefault({})
  .describe("Files that customers and agents send one another in a handoff; `false`: none are passed on.");
