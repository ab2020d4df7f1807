/** All there are, deprecated ones and the roots of drawings and formulas with them. */
const ELEMENTS: ReadonlySet<string> = new Set(
  `a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body br button
  canvas caption center cite code col colgroup content data datalist dd del details dfn dialog dir div dl dt em embed
  fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img
  input ins isindex kbd keygen label legend li link listing main map mark marquee math menu menuitem meta meter nav nobr
  noembed noframes noscript object ol optgroup option output p param picture plaintext portal pre progress q rb rp rt rtc
  ruby s samp script search section select shadow slot small source spacer span strike strong style sub summary sup svg
  table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp`.split(/\s+/u),
);

const TAG = /<\/?([a-z][a-z\d-]*)(?=[\s/>])[^<>]*>/giu;

/** What looks like a tag to a parser and names no element was written to be read: "Mute the topic <topic name>". */
export function placeholderText(html: string): string {
  const tags = [...html.matchAll(TAG)];
  const isPlain =
    tags.length > 0 && tags.every(([tag, name = ""]) => !ELEMENTS.has(name.toLowerCase()) && !tag.includes("="));
  return isPlain ? html : "";
}
