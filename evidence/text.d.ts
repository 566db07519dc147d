/** What the bundler puts in as text. */
declare module '*.css' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: so the bundler gives a text.
  export default text;
}
declare module '*.py' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: so the bundler gives a text.
  export default text;
}
