package io.pressluft.controlplane.job;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Follows a job for a browser or the CLI. PostgreSQL is read; Redis only shortens the wait. */
@Component
class JobStream {

    private static final Logger log = LoggerFactory.getLogger(JobStream.class);

    /** Also the pace at which a stream notices that nobody reads it any more. */
    private static final long LONGEST_WAIT_MS = 1_000;

    private final JobRecorder recorder;
    private final Jobs jobs;
    private final Map<LinkedBlockingQueue<Boolean>, String> waiting = new ConcurrentHashMap<>();

    JobStream(JobRecorder recorder, Jobs jobs) {
        this.recorder = recorder;
        this.jobs = jobs;
    }

    SseEmitter open(String jobId, int after) {
        var emitter = new SseEmitter(0L);
        Thread.ofVirtual().name("stream-" + jobId).start(() -> follow(jobId, after, emitter));
        return emitter;
    }

    void changed(List<String> jobIds) {
        waiting.forEach((bell, id) -> {
            if (jobIds.contains(id)) {
                bell.add(true);
            }
        });
    }

    private void follow(String jobId, int after, SseEmitter emitter) {
        var bell = new LinkedBlockingQueue<Boolean>();
        waiting.put(bell, jobId);
        try {
            int position = after;
            while (true) {
                // The state is read before the events: once it is terminal no event can follow those read next.
                var state = jobs.get(jobId).state();
                var events = recorder.eventsAfter(jobId, position);
                for (var event : events) {
                    emitter.send(SseEmitter.event()
                            .id(Integer.toString(event.number()))
                            .name(event.kind())
                            .data(event.body(), MediaType.TEXT_PLAIN));
                    position = event.number();
                }
                if (events.isEmpty() && state.terminal()) {
                    emitter.send(SseEmitter.event()
                            .name("end")
                            .data("{\"state\":\"%s\"}".formatted(state.text()), MediaType.TEXT_PLAIN));
                    emitter.complete();
                    return;
                }
                if (events.isEmpty() && bell.poll(LONGEST_WAIT_MS, TimeUnit.MILLISECONDS) == null) {
                    emitter.send(SseEmitter.event().comment("still here"));
                }
                bell.clear();
            }
        } catch (IOException | IllegalStateException readerGone) {
            log.debug("job={} nobody follows any more", jobId);
        } catch (DataAccessException e) {
            emitter.completeWithError(e);
        } catch (InterruptedException stop) {
            emitter.complete();
        } finally {
            waiting.remove(bell);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {
        @Bean
        RedisMessageListenerContainer jobChanges(RedisConnectionFactory redis, JobStream stream) {
            var container = new RedisMessageListenerContainer();
            container.setConnectionFactory(redis);
            container.addMessageListener(
                    (message, pattern) ->
                            stream.changed(List.of(new String(message.getBody(), StandardCharsets.UTF_8).split(" "))),
                    new ChannelTopic(JobHints.CHANGES));
            return container;
        }
    }
}
