/** A seed of the dbt package, as text. */
declare module '*.csv' {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: so the bundler gives a text.
  export default text;
}
