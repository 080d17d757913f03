package io.pressluft.controlplane.dashboard;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.EarlyFault;
import io.pressluft.controlplane.error.ErrorBody;
import io.pressluft.controlplane.error.ErrorCode;
import io.pressluft.controlplane.id.Ids;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.stereotype.Controller;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** Every exception of a page becomes a page: code, sentence, what to do next. The API has its own, which comes first. */
@ControllerAdvice(annotations = Controller.class)
@Order(1)
class ErrorPages {

    private static final Logger log = LoggerFactory.getLogger(ErrorPages.class);

    private final Pages pages;
    private final Ids ids;

    ErrorPages(Pages pages, Ids ids) {
        this.pages = pages;
        this.ids = ids;
    }

    @ExceptionHandler
    ResponseEntity<String> coded(CodedException refusal, HttpServletRequest request) {
        return pages.show(request, page(ErrorBody.of(refusal), refusal.code()));
    }

    @ExceptionHandler
    ResponseEntity<String> mistyped(MethodArgumentTypeMismatchException refusal, HttpServletRequest request) {
        return pages.show(request, page(ErrorCode.REQUEST_INVALID, refusal.getName() + " is of the wrong type."));
    }

    /** Headers and parameters are looked at when they are first asked for, which may be here. */
    @ExceptionHandler({RequestRejectedException.class, InvalidParameterException.class})
    ResponseEntity<String> malformed(RuntimeException refusal, HttpServletRequest request) {
        log.debug("A request for a page was rejected", refusal);
        return pages.show(request, page(ErrorCode.REQUEST_INVALID, "What was sent is malformed."));
    }

    @ExceptionHandler({DataAccessException.class, TransactionException.class})
    ResponseEntity<String> dependency(RuntimeException fault) {
        log.error("A dependency failed a page", fault);
        return pages.showDetached(page(
                ErrorCode.DEPENDENCY_UNAVAILABLE,
                "The request could not be carried out, or its outcome was lost on the way; look before it is sent"
                        + " again."));
    }

    @ExceptionHandler
    ResponseEntity<String> unexpected(Exception fault) {
        var reference = ids.next("error");
        log.error("reference={} a page ended by an unexpected error", reference, fault);
        return pages.showDetached(
                page(ErrorCode.INTERNAL_ERROR, "An unexpected error; its reference is " + reference + "."));
    }

    private static Page page(ErrorCode code, String message) {
        return page(ErrorBody.of(code, message), code);
    }

    private static Page page(ErrorBody error, ErrorCode code) {
        return Page.bare("Error", "error").with("error", error).status(code.httpStatus());
    }

    /** Errors that the container raises outside any controller, for browsers. */
    @Controller
    static class Container {

        private final Pages pages;

        Container(Pages pages) {
            this.pages = pages;
        }

        @RequestMapping(path = "/error", produces = MediaType.TEXT_HTML_VALUE)
        ResponseEntity<?> error(HttpServletRequest request) {
            var code = EarlyFault.code(request);
            var error = ErrorBody.of(code, sentence(code));
            if (ofApi(request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI))) {
                return ResponseEntity.status(code.httpStatus())
                        .contentType(MediaType.APPLICATION_JSON)
                        .body(error);
            }
            return pages.showDetached(page(lost(code) ? astray(code) : error, code));
        }

        private static boolean lost(ErrorCode code) {
            return code == ErrorCode.NOT_FOUND || code == ErrorCode.METHOD_NOT_ALLOWED;
        }

        private static ErrorBody astray(ErrorCode code) {
            return new ErrorBody(code.code(), sentence(code), List.of(), "Check the address, or start from the sites.");
        }

        private static boolean ofApi(@Nullable Object path) {
            return path instanceof String text && text.startsWith("/api");
        }

        private static String sentence(ErrorCode code) {
            return switch (code) {
                case NOT_FOUND -> "There is no page at this address.";
                case FORBIDDEN -> "The form was refused, most likely because it was open for too long.";
                case METHOD_NOT_ALLOWED -> "This address does not answer requests of this kind.";
                default -> "The request could not be carried out.";
            };
        }
    }
}
