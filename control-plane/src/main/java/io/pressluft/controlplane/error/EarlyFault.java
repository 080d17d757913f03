package io.pressluft.controlplane.error;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** What ended a request before any controller had it, such as a database that could not be asked who is signed in. */
public final class EarlyFault {

    private EarlyFault() {}

    /** The code of the answer to a request that the container has dispatched to its error page. */
    public static ErrorCode code(HttpServletRequest request) {
        if (ofDependency((Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION))) {
            return ErrorCode.DEPENDENCY_UNAVAILABLE;
        }
        // Without a status somebody asks for the error page itself, and there is nothing.
        return request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
                ? ErrorCode.ofStatus(status)
                : ErrorCode.NOT_FOUND;
    }

    private static boolean ofDependency(@Nullable Throwable fault) {
        for (var cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof DataAccessException || cause instanceof TransactionException) {
                return true;
            }
        }
        return false;
    }
}
