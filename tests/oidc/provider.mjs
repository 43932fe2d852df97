// An OpenID Connect provider for tests: npm oidc-provider under the addresses of Keycloak, with the clients, roles and
// people of the realm that Keycloak imports. Settings: ISSUER, REALM (file), PORT, HOST, READY_PORT (Keycloak's 9000).
// SIGHUP signs with a new key and keeps the old ones; SIGUSR2 takes the old ones away.
import { generateKeyPairSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const issuer = process.env.ISSUER;
const path = new URL(issuer).pathname;
const host = process.env.HOST ?? '127.0.0.1';
const realm = JSON.parse(readFileSync(process.env.REALM, 'utf8'));
const audience = 'crossing';
const people = new Map(realm.users.map((user) => [user.id, user]));
const services = new Map(realm.users.map((user) => [user.serviceAccountClientId, user]));
const cookieKey = randomBytes(32).toString('hex');
let keys = [newKey()];
let provider = newProvider();

function newKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: randomBytes(8).toString('hex') };
}

function clientOf(client) {
  const grants = client.serviceAccountsEnabled ? ['client_credentials'] : ['authorization_code'];
  return {
    client_id: client.clientId,
    ...(client.publicClient ? { token_endpoint_auth_method: 'none' } : { client_secret: client.secret }),
    grant_types: grants,
    response_types: client.serviceAccountsEnabled ? [] : ['code'],
    redirect_uris: client.redirectUris ?? [],
    application_type: client.publicClient ? 'native' : 'web',
    id_token_signed_response_alg: 'ES256',
  };
}

function claimsOf(user) {
  const claims = { roles: user?.clientRoles?.[audience] ?? [] };
  for (const name of ['port', 'terminal']) {
    if (user?.attributes?.[name]) [claims[name]] = user.attributes[name];
  }
  return claims;
}

function newProvider() {
  const made = new Provider(issuer, {
    jwks: { keys },
    clients: realm.clients.filter((client) => client.publicClient || client.serviceAccountsEnabled).map(clientOf),
    cookies: { keys: [cookieKey] },
    pkce: { required: () => true },
    scopes: ['openid'],
    ttl: { AccessToken: realm.accessTokenLifespan, ClientCredentials: realm.accessTokenLifespan },
    routes: {
      authorization: '/protocol/openid-connect/auth',
      token: '/protocol/openid-connect/token',
      jwks: '/protocol/openid-connect/certs',
    },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => `urn:${audience}`,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: '', audience, accessTokenFormat: 'jwt', accessTokenTTL: realm.accessTokenLifespan,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
    interactions: { url: (_, interaction) => `${path}/login/${interaction.uid}` },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
    extraTokenClaims: (_, token) => claimsOf(people.get(token.accountId) ?? services.get(token.clientId)),
  });
  made.proxy = true;
  return made;
}

function matches(given, known) {
  const [left, right] = [given, known].map((text) => Buffer.from(text.padEnd(128).slice(0, 128)));
  return timingSafeEqual(left, right);
}

async function logIn(request, response) {
  const { prompt } = await provider.interactionDetails(request, response);
  if (prompt.name === 'consent') { // asked for every native client; signing in was consent enough
    await provider.interactionFinished(request, response, { consent: {} }, { mergeWithLastSubmission: true });
    return;
  }
  if (request.method !== 'POST') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>Sign in</title><form method="post">'
      + '<label>Name <input name="username"></label><label>Password <input name="password" type="password"></label>'
      + '<button>Sign in</button></form>');
    return;
  }
  let body = '';
  for await (const part of request) body += part;
  const given = new URLSearchParams(body);
  const user = realm.users.find((each) => each.username === given.get('username') && each.credentials);
  if (!user || !matches(given.get('password') ?? '', user.credentials[0].value)) {
    response.statusCode = 401;
    response.end('Name or password is wrong.');
    return;
  }
  await provider.interactionFinished(request, response, { login: { accountId: user.id } });
}

createServer(async (request, response) => {
  try {
    if (!request.url.startsWith(`${path}/`)) {
      response.statusCode = 404;
      response.end();
    } else if (request.url.startsWith(`${path}/login/`)) {
      await logIn(request, response);
    } else {
      request.originalUrl = request.url;
      request.url = request.url.slice(path.length);
      await provider.callback()(request, response);
    }
  } catch (error) {
    console.error(error.message);
    response.statusCode = 400;
    response.end();
  }
}).listen(Number(process.env.PORT), host, () => console.log('The provider is ready.'));

if (process.env.READY_PORT) {
  createServer((_, response) => response.end('{"status": "UP"}')).listen(Number(process.env.READY_PORT), host);
}
process.on('SIGHUP', () => {
  keys = [newKey(), ...keys];
  provider = newProvider();
  console.log(`The provider has ${keys.length} keys.`);
});
process.on('SIGUSR2', () => {
  keys = keys.slice(0, 1);
  provider = newProvider();
  console.log(`The provider has ${keys.length} keys.`);
});
for (const sign of ['SIGTERM', 'SIGINT']) process.on(sign, () => process.exit(0));
