package io.pressluft.controlplane.web;

import io.pressluft.controlplane.error.ErrorBody;
import io.pressluft.controlplane.error.ErrorCode;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Errors that the container raises outside any controller, in the same shape. */
@RestController
class ErrorEdge implements ErrorController {

    @RequestMapping("/error")
    ResponseEntity<ErrorBody> error(HttpServletRequest request) {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer number
                ? number
                : ErrorCode.INTERNAL_ERROR.httpStatus();
        var code =
                switch (status) {
                    case 400 -> ErrorCode.REQUEST_INVALID;
                    case 401 -> ErrorCode.UNAUTHENTICATED;
                    case 403 -> ErrorCode.FORBIDDEN;
                    case 404 -> ErrorCode.NOT_FOUND;
                    case 405 -> ErrorCode.METHOD_NOT_ALLOWED;
                    case 413 -> ErrorCode.REQUEST_TOO_LARGE;
                    case 415 -> ErrorCode.MEDIA_TYPE_UNSUPPORTED;
                    default -> ErrorCode.INTERNAL_ERROR;
                };
        return ResponseEntity.status(code.httpStatus())
                .contentType(MediaType.APPLICATION_JSON)
                .body(ErrorBody.of(code, "The request was refused with status %d.".formatted(status)));
    }
}
