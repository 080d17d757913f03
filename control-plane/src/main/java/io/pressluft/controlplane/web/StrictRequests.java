package io.pressluft.controlplane.web;

import io.pressluft.controlplane.error.ErrorDetail;
import io.pressluft.controlplane.error.RequestException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The API takes no parameter that it does not know, and none twice; numbers and booleans are written in one way. A
 * caller who would not take the answer is refused before anything is done.
 */
@Component
class StrictRequests implements HandlerInterceptor, WebMvcConfigurer {

    private final ParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).addPathPatterns("/api/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws HttpMediaTypeNotSupportedException {
        if (handler instanceof HandlerMethod method) {
            headers(request);
            parameters(request.getParameterMap(), known(method));
            if (answersJson(method) && !acceptsJson(Collections.list(request.getHeaders("Accept")))) {
                throw RequestException.notAcceptable();
            }
        }
        return true;
    }

    /** Two of them would mean that somebody on the way and we may go by different ones. */
    private static void headers(HttpServletRequest request) throws HttpMediaTypeNotSupportedException {
        if (Collections.list(request.getHeaders("Idempotency-Key")).size() > 1) {
            throw RequestException.invalid("Idempotency-Key", "May be given once.");
        }
        var types = Collections.list(request.getHeaders("Content-Type"));
        if (types.size() > 1 || types.stream().anyMatch(type -> type.contains("*"))) {
            throw new HttpMediaTypeNotSupportedException("one type of body, without wildcards");
        }
    }

    private static void parameters(Map<String, String[]> given, Map<String, Class<?>> known) {
        var wrong = new ArrayList<ErrorDetail>();
        given.forEach((name, values) -> {
            var type = known.get(name);
            var message = type == null
                    ? "There is no such parameter."
                    : values.length > 1 ? "May be given once." : mistake(type, values[0]);
            if (message != null) {
                wrong.add(ErrorDetail.ofField(name, message));
            }
        });
        if (!wrong.isEmpty()) {
            throw RequestException.invalid(wrong);
        }
    }

    private static @Nullable String mistake(Class<?> type, String value) {
        if (type == int.class) {
            return value.matches("-?[0-9]{1,9}") ? null : "Must be a whole number.";
        }
        if (type == boolean.class) {
            return value.equals("true") || value.equals("false") ? null : "Must be true or false.";
        }
        return null;
    }

    private Map<String, Class<?>> known(HandlerMethod method) {
        var known = new TreeMap<String, Class<?>>();
        Arrays.stream(method.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                .forEach(parameter -> known.put(name(parameter), parameter.getParameterType()));
        return known;
    }

    private String name(MethodParameter parameter) {
        parameter.initParameterNameDiscovery(names);
        return Objects.requireNonNull(parameter.getParameterName());
    }

    private static boolean answersJson(HandlerMethod method) {
        var type = method.getReturnType().getParameterType();
        return type != void.class && type != SseEmitter.class && type != ResponseEntity.class;
    }

    private static boolean acceptsJson(List<String> accepted) {
        try {
            return accepted.isEmpty()
                    || MediaType.parseMediaTypes(accepted).stream()
                            .anyMatch(type -> type.includes(MediaType.APPLICATION_JSON));
        } catch (InvalidMediaTypeException unreadable) {
            return false;
        }
    }
}
