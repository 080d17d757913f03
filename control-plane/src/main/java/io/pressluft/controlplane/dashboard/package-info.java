/**
 * What all pages of the dashboard share: rendering, frame, wording, error pages. Knows no feature; each feature brings its own
 * {@code *Pages} controller, and the templates live in {@code src/main/jte}.
 */
@NullMarked
package io.pressluft.controlplane.dashboard;

import org.jspecify.annotations.NullMarked;
