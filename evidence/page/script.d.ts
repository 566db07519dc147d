/** The page's script as text: the bundler does not run it. */
declare const text: string;
// biome-ignore lint/style/noDefaultExport: so the bundler gives a text.
export default text;
