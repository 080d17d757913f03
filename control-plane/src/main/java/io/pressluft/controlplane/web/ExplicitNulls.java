package io.pressluft.controlplane.web;

import io.pressluft.controlplane.error.ErrorDetail;
import io.pressluft.controlplane.error.RequestException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.List;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses {@code null} for a field. Whoever leaves a field out wants the default; what somebody wants who sends null is
 * not known, and once a field is part of a record the two cannot be told apart any more.
 */
@RestControllerAdvice(annotations = RestController.class)
class ExplicitNulls extends RequestBodyAdviceAdapter {

    private final JsonMapper json;

    ExplicitNulls(JsonMapper json) {
        this.json = json;
    }

    @Override
    public boolean supports(MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
        return true;
    }

    @Override
    public HttpInputMessage beforeBodyRead(
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter)
            throws IOException {
        var body = message.getBody().readAllBytes();
        var nulls = nulls(body);
        if (!nulls.isEmpty()) {
            throw RequestException.invalid(nulls);
        }
        return new Read(message.getHeaders(), new ByteArrayInputStream(body));
    }

    private List<ErrorDetail> nulls(byte[] body) {
        try {
            return json.readTree(body).properties().stream()
                    .filter(field -> field.getValue().isNull())
                    .map(field -> ErrorDetail.ofField(field.getKey(), "Must not be null."))
                    .toList();
        } catch (JacksonException unreadable) {
            return List.of(); // reading it next says why
        }
    }

    private record Read(HttpHeaders headers, InputStream body) implements HttpInputMessage {
        @Override
        public InputStream getBody() {
            return body;
        }

        @Override
        public HttpHeaders getHeaders() {
            return headers;
        }
    }
}
