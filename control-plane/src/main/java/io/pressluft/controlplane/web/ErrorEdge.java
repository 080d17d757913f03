package io.pressluft.controlplane.web;

import io.pressluft.controlplane.error.ErrorBody;
import io.pressluft.controlplane.error.ErrorCode;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Errors that the container raises outside any controller, in the same shape. */
@RestController
class ErrorEdge implements ErrorController {

    @RequestMapping("/error")
    ResponseEntity<ErrorBody> error(HttpServletRequest request) {
        // Without a status somebody asks for this address itself, and there is nothing.
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer number
                ? number
                : ErrorCode.NOT_FOUND.httpStatus();
        var code = databaseAway(request) ? ErrorCode.DEPENDENCY_UNAVAILABLE : ErrorCode.ofStatus(status);
        return ResponseEntity.status(code.httpStatus())
                .contentType(MediaType.APPLICATION_JSON)
                .body(ErrorBody.of(code, "The request was refused with status %d.".formatted(code.httpStatus())));
    }

    /** Filters look into the database before any controller does: for the token and for the session. */
    private static boolean databaseAway(HttpServletRequest request) {
        var fault = request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        return fault instanceof DataAccessException || fault instanceof TransactionException;
    }
}
