// Parameters of presigned URLs (AWS, Google, Azure) and of common web services that let their reader in.
const SECRET =
  /^(x-(amz|goog)-(signature|credential|security-token)|sig|signature|(access_?|auth_?|api_?)?(token|key)|password)$/i;

/** The name of a URL in records and messages: without user, password, fragment, or parameters that are a credential. */
export function urlName(url: URL): string {
  const shown = new URL(url);
  shown.username = '';
  shown.password = '';
  shown.hash = '';
  for (const key of [...shown.searchParams.keys()]) if (SECRET.test(key)) shown.searchParams.delete(key);
  return shown.href;
}
