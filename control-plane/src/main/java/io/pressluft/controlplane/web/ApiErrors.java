package io.pressluft.controlplane.web;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorBody;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.error.RequestException;
import io.pressluft.controlplane.id.Ids;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.HttpMediaTypeException;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Every exception of the API becomes the one error shape; the raw text of a fault stays in the log. */
@RestControllerAdvice(annotations = RestController.class)
@Order(0)
class ApiErrors {

    private static final Logger log = LoggerFactory.getLogger(ApiErrors.class);

    private final Ids ids;

    ApiErrors(Ids ids) {
        this.ids = ids;
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> coded(CodedException refusal) {
        return answer(refusal.code(), ErrorBody.of(refusal));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> unreadable(HttpMessageNotReadableException refusal) {
        return coded(UnreadableBody.refusal(refusal.getCause()));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> mistyped(MethodArgumentTypeMismatchException refusal) {
        return coded(RequestException.invalid(refusal.getName(), "Of the wrong type."));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> missing(MissingServletRequestParameterException refusal) {
        return coded(RequestException.invalid(refusal.getParameterName(), "Is required."));
    }

    /** Headers and parameters are looked at when they are first asked for, which may be here. */
    @ExceptionHandler({RequestRejectedException.class, InvalidParameterException.class})
    ResponseEntity<ErrorBody> malformed(RuntimeException refusal) {
        log.debug("A request was rejected", refusal);
        return plain(ErrorCode.REQUEST_INVALID, "A header or parameter of the request is malformed.");
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> method(HttpRequestMethodNotSupportedException refusal) {
        return plain(ErrorCode.METHOD_NOT_ALLOWED, "This address does not answer " + refusal.getMethod() + ".");
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> unaccepted(HttpMediaTypeNotAcceptableException refusal) {
        return coded(RequestException.notAcceptable());
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> media(HttpMediaTypeException refusal) {
        return plain(ErrorCode.MEDIA_TYPE_UNSUPPORTED, "The media type of the request is not supported.");
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> nothing(NoResourceFoundException refusal) {
        return plain(ErrorCode.NOT_FOUND, "There is nothing at this address.");
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ResponseEntity<ErrorBody> dependency(RuntimeException fault) {
        log.error("A dependency failed a request", fault);
        return plain(
                ErrorCode.DEPENDENCY_UNAVAILABLE,
                "The request could not be carried out, or its outcome was lost on the way; with the same idempotency key it"
                        + " is safe to send it again.");
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> unexpected(Exception fault) {
        var reference = ids.next("error");
        log.error("reference={} a request ended by an unexpected error", reference, fault);
        return plain(ErrorCode.INTERNAL_ERROR, "An unexpected error; its reference is " + reference + ".");
    }

    private static ResponseEntity<ErrorBody> plain(ErrorCode code, String message) {
        return answer(code, ErrorBody.of(code, message));
    }

    /** JSON whatever the caller accepts: a refusal that is withheld helps nobody. */
    private static ResponseEntity<ErrorBody> answer(ErrorCode code, ErrorBody body) {
        return ResponseEntity.status(code.httpStatus())
                .contentType(MediaType.APPLICATION_JSON)
                .body(body);
    }
}
