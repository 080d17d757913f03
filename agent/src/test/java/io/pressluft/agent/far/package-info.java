/** The far ends that the agent talks to in tests: a gateway over real mTLS, a web server that signs its page. */
@NullMarked
package io.pressluft.agent.far;

import org.jspecify.annotations.NullMarked;
