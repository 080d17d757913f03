/** Accounts: users, sessions, API tokens, login limits. Owns tables app_user, api_token, login_attempt. */
@NullMarked
package io.pressluft.controlplane.account;

import org.jspecify.annotations.NullMarked;
