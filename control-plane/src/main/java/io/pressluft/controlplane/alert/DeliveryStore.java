package io.pressluft.controlplane.alert;

import io.pressluft.controlplane.error.ErrorCode;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.json.JsonMapper;

/** SQL of messages on their way out. Time is the database's. */
@Repository
class DeliveryStore {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    DeliveryStore(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /**
     * Each message of an incident is written down once per channel, however often it is tried.
     *
     * @param number its place among the messages of the incident
     */
    boolean add(String id, Channel channel, int number, Notice notice) {
        return jdbc.sql("""
                INSERT INTO alert_delivery (id, incident_id, number, message, channel, state, notice)
                VALUES (:id, :incident, :number, :message, :channel, 'pending', :notice::jsonb) ON CONFLICT DO NOTHING
                """)
                        .param("id", id)
                        .param("incident", notice.incident())
                        .param("number", number)
                        .param("message", notice.type().text())
                        .param("channel", channel.text())
                        .param("notice", json.writeValueAsString(notice))
                        .update()
                == 1;
    }

    /** Whether anything of the incident was, or is to be, told on the channel. */
    boolean toldOf(String incident, Channel channel) {
        return exists("d.state <> 'given_up'", incident, channel);
    }

    /**
     * Whether the opening of the incident is still to be told on the channel: nothing of it was ever to be, or it was given up
     * and the channel was not set up then, or has taken a test since.
     */
    boolean owes(String incident, Channel channel) {
        return !exists("""
                NOT (d.state = 'given_up' AND (d.code = 'alert_channel_unset' OR d.settled_at < (
                    SELECT c.taken_at FROM alert_channel c WHERE c.channel = d.channel)) IS TRUE)
                """, incident, channel);
    }

    private boolean exists(String condition, String incident, Channel channel) {
        return jdbc.sql("""
                SELECT EXISTS (SELECT 1 FROM alert_delivery d
                               WHERE d.incident_id = :incident AND d.channel = :channel AND d.message <> 'cleared' AND
                """ + condition + ")")
                .param("incident", incident)
                .param("channel", channel.text())
                .query(Boolean.class)
                .single();
    }

    /** What has cleared is not told when nothing of it before was. */
    int dropPointless() {
        return jdbc.sql("""
                DELETE FROM alert_delivery d WHERE d.message = 'cleared' AND d.state = 'pending' AND NOT EXISTS (
                    SELECT 1 FROM alert_delivery o
                    WHERE o.incident_id = d.incident_id AND o.channel = d.channel AND o.message <> 'cleared'
                      AND o.state <> 'given_up')
                """).update();
    }

    /** The channel has taken a test message. */
    void taken(Channel channel) {
        jdbc.sql("""
                INSERT INTO alert_channel (channel, taken_at) VALUES (:channel, now())
                ON CONFLICT (channel) DO UPDATE SET taken_at = excluded.taken_at
                """).param("channel", channel.text()).update();
    }

    /** How many messages were given up since the channel took one, or a test, for the last time. */
    int undelivered(Channel channel) {
        return jdbc.sql("""
                SELECT count(*) FROM alert_delivery d
                WHERE d.channel = :channel AND d.state = 'given_up' AND d.code <> 'alert_channel_unset'
                  AND d.settled_at > greatest(
                      (SELECT max(s.settled_at) FROM alert_delivery s WHERE s.channel = :channel AND s.state = 'sent'),
                      (SELECT c.taken_at FROM alert_channel c WHERE c.channel = :channel), '-infinity')
                """)
                .param("channel", channel.text())
                .query(Integer.class)
                .single();
    }

    /**
     * The next message of the channel that is due, for this caller alone until the lease ends. Of each incident the messages
     * go out in their order.
     */
    Optional<Delivery> claim(Channel channel, Duration lease) {
        return jdbc.sql("""
                UPDATE alert_delivery SET state = 'sending', attempts = attempts + 1,
                    not_before = now() + :lease * interval '1 ms'
                WHERE id = (SELECT d.id FROM alert_delivery d
                            WHERE d.channel = :channel AND d.state IN ('pending', 'sending') AND d.not_before <= now()
                              AND NOT EXISTS (
                                  SELECT 1 FROM alert_delivery o
                                  WHERE o.incident_id = d.incident_id AND o.channel = d.channel AND o.number < d.number
                                    AND o.state IN ('pending', 'sending'))
                              AND (d.message <> 'cleared' OR EXISTS (
                                  SELECT 1 FROM alert_delivery o
                                  WHERE o.incident_id = d.incident_id AND o.channel = d.channel AND o.state = 'sent'))
                            ORDER BY d.not_before, d.id LIMIT 1 FOR UPDATE SKIP LOCKED)
                RETURNING id, attempts, notice
                """)
                .param("channel", channel.text())
                .param("lease", lease.toMillis())
                .query((row, index) -> new Delivery(
                        row.getString("id"),
                        channel,
                        row.getInt("attempts"),
                        json.readValue(row.getString("notice"), Notice.class)))
                .optional();
    }

    /**
     * False when somebody else took it over in the meantime.
     *
     * @param code what was not as it should be although somebody has it
     */
    boolean sent(Delivery delivery, @Nullable ErrorCode code) {
        return jdbc.sql("""
                UPDATE alert_delivery SET state = 'sent', code = :code, settled_at = now()
                WHERE id = :id AND state = 'sending' AND attempts = :attempt
                """)
                        .param("id", delivery.id())
                        .param("code", code == null ? null : code.code())
                        .param("attempt", delivery.attempt())
                        .update()
                == 1;
    }

    /** False when somebody else took it over in the meantime. */
    boolean again(Delivery delivery, ErrorCode code, Duration pause) {
        return jdbc.sql("""
                UPDATE alert_delivery SET state = 'pending', code = :code, not_before = now() + :pause * interval '1 ms'
                WHERE id = :id AND state = 'sending' AND attempts = :attempt
                """)
                        .param("id", delivery.id())
                        .param("attempt", delivery.attempt())
                        .param("code", code.code())
                        .param("pause", pause.toMillis())
                        .update()
                == 1;
    }

    /** False when somebody else took it over in the meantime. */
    boolean givenUp(Delivery delivery, ErrorCode code) {
        return jdbc.sql("""
                UPDATE alert_delivery SET state = 'given_up', code = :code, settled_at = now()
                WHERE id = :id AND state = 'sending' AND attempts = :attempt
                """)
                        .param("id", delivery.id())
                        .param("attempt", delivery.attempt())
                        .param("code", code.code())
                        .update()
                == 1;
    }

    /** What became of the messages of these incidents, in their order. */
    Map<String, List<AlertView.DeliveryView>> of(Collection<String> incidents) {
        record Row(String incident, AlertView.DeliveryView view) {}
        return jdbc
                .sql("""
                SELECT * FROM alert_delivery WHERE incident_id = ANY (:incidents::text[])
                ORDER BY number, channel
                """)
                .param("incidents", incidents.toArray(String[]::new))
                .query((row, index) -> {
                    Timestamp settled = row.getTimestamp("settled_at");
                    return new Row(
                            row.getString("incident_id"),
                            new AlertView.DeliveryView(
                                    row.getString("message"),
                                    row.getString("channel"),
                                    row.getString("state"),
                                    row.getInt("attempts"),
                                    row.getString("code"),
                                    settled == null ? null : settled.toInstant()));
                })
                .list()
                .stream()
                .collect(Collectors.groupingBy(
                        Row::incident, Collectors.mapping(Row::view, Collectors.toUnmodifiableList())));
    }
}
