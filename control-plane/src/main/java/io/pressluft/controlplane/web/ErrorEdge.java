package io.pressluft.controlplane.web;

import io.pressluft.controlplane.error.EarlyFault;
import io.pressluft.controlplane.error.ErrorBody;
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
        var code = EarlyFault.code(request);
        return ResponseEntity.status(code.httpStatus())
                .contentType(MediaType.APPLICATION_JSON)
                .body(ErrorBody.of(code, "The request was refused with status %d.".formatted(code.httpStatus())));
    }
}
