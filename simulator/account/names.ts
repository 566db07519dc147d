/** Names for what the events know by identifier alone. */
// biome-ignore format: one long list
const VAULTS = [
  'Production servers', 'Finance', 'Payroll', 'Marketing', 'Customer support', 'Data platform', 'Legal',
  'Executive office', 'Office network', 'Mobile apps', 'Website', 'Sales tools', 'Design', 'Recruiting',
  'Incident response', 'Partner portals', 'Billing systems', 'Analytics', 'Build and release', 'Research',
  'Travel and events', 'Tax and audit', 'Facilities', 'Training', 'Social media', 'Vendor logins', 'Security',
];
// biome-ignore format: one long list
const GROUPS = [
  'Administrators', 'Engineering', 'Finance team', 'Support team', 'Marketing team', 'Security team', 'Sales team',
  'People team', 'Data team', 'Contractors', 'Design team', 'Legal team', 'Operations',
];
// biome-ignore format: one long list
const SERVICES = [
  'AWS', 'Google Cloud', 'GitHub', 'Stripe', 'Salesforce', 'Cloudflare', 'Datadog', 'HubSpot', 'Zendesk', 'Slack',
  'Snowflake', 'Figma', 'Okta', 'DocuSign', 'Mailchimp', 'Shopify', 'Jira', 'PagerDuty', 'Grafana', 'Xero',
];
const KINDS = ['administrator', 'billing', 'API key', 'root account', 'recovery codes', 'shared login', 'deploy key'];

/** One name for each identifier; numbered once the names run out. */
function named(uuids: readonly string[], names: readonly string[]): { uuid: string; name: string }[] {
  return uuids.map((uuid, place) => {
    const round = Math.floor(place / names.length) + 1;
    const name = names[place % names.length] ?? '';
    return { uuid, name: round === 1 ? name : `${name} ${round}` };
  });
}

export function nameVaults(uuids: readonly string[]): { uuid: string; name: string }[] {
  return named(uuids, VAULTS);
}

export function nameGroups(uuids: readonly string[]): { uuid: string; name: string }[] {
  return named(uuids, GROUPS);
}

export function nameItems(uuids: readonly string[]): { uuid: string; name: string }[] {
  return named(
    uuids,
    KINDS.flatMap((kind) => SERVICES.map((service) => `${service} ${kind}`)),
  );
}
