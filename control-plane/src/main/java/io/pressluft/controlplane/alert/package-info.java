/**
 * Alerts: what somebody should know of, as few incidents, told when they open, when others join, and once when they clear. Owns tables
 * incident, incident_member and alert_delivery.
 */
@NullMarked
package io.pressluft.controlplane.alert;

import org.jspecify.annotations.NullMarked;
