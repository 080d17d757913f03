/**
 * Alerts: what somebody should know of, as few incidents, told when they open, when others join, and once when they clear. Owns tables
 * incident, incident_member, alert_delivery and alert_channel.
 */
@NullMarked
package io.pressluft.controlplane.alert;

import org.jspecify.annotations.NullMarked;
