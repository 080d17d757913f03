package io.pressluft.controlplane.web;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorBody;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.error.ErrorDetail;
import io.pressluft.controlplane.id.Ids;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.HttpMediaTypeException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.databind.DatabindException;

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
        return ResponseEntity.status(refusal.code().httpStatus()).body(ErrorBody.of(refusal));
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> unreadable(HttpMessageNotReadableException refusal) {
        var field = refusal.getCause() instanceof DatabindException cause
                        && !cause.getPath().isEmpty()
                ? String.valueOf(cause.getPath().getLast().getPropertyName())
                : "body";
        return invalid(field, "Unknown, of the wrong type, or not JSON.");
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> mistyped(MethodArgumentTypeMismatchException refusal) {
        return invalid(refusal.getName(), "Of the wrong type.");
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> missing(MissingServletRequestParameterException refusal) {
        return invalid(refusal.getParameterName(), "Is required.");
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> method(HttpRequestMethodNotSupportedException refusal) {
        return plain(ErrorCode.METHOD_NOT_ALLOWED, "This address does not answer " + refusal.getMethod() + ".");
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
        return plain(ErrorCode.DEPENDENCY_UNAVAILABLE, "The request could not be carried out; nothing was changed.");
    }

    @ExceptionHandler
    ResponseEntity<ErrorBody> unexpected(Exception fault) {
        var reference = ids.next("error");
        log.error("reference={} a request ended by an unexpected error", reference, fault);
        return plain(ErrorCode.INTERNAL_ERROR, "An unexpected error; its reference is " + reference + ".");
    }

    private static ResponseEntity<ErrorBody> invalid(String field, String message) {
        var body = new ErrorBody(
                ErrorCode.REQUEST_INVALID.code(),
                "The request has 1 invalid field(s).",
                List.of(ErrorDetail.ofField(field, message)),
                ErrorCode.REQUEST_INVALID.remediation());
        return ResponseEntity.badRequest().body(body);
    }

    private static ResponseEntity<ErrorBody> plain(ErrorCode code, String message) {
        return ResponseEntity.status(code.httpStatus()).body(ErrorBody.of(code, message));
    }
}
