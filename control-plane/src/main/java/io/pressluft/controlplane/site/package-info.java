/** Sites: what the owner calls a site, and the jobs that make and remove it. Owns table site. */
@NullMarked
package io.pressluft.controlplane.site;

import org.jspecify.annotations.NullMarked;
