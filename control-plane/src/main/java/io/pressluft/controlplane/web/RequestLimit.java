package io.pressluft.controlplane.web;

import io.pressluft.controlplane.error.CodedException;
import io.pressluft.controlplane.error.ErrorBody;
import io.pressluft.controlplane.error.ErrorCode;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import tools.jackson.databind.json.JsonMapper;

/**
 * No request is longer than {@value #MOST} bytes, whether it says its length or not. The server itself counts the bytes of
 * forms.
 */
@Component
class RequestLimit extends OncePerRequestFilter {

    private static final int MOST = 65_536;

    private final JsonMapper json;

    RequestLimit(JsonMapper json) {
        this.json = json;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() <= MOST) {
            chain.doFilter(new Limited(request), response);
            return;
        }
        if (!request.getServletPath().startsWith("/api/")) {
            response.sendError(ErrorCode.REQUEST_TOO_LARGE.httpStatus());
            return;
        }
        response.setStatus(ErrorCode.REQUEST_TOO_LARGE.httpStatus());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(json.writeValueAsBytes(ErrorBody.of(new TooLarge())));
    }

    /** The body goes on after what is allowed. */
    static final class TooLarge extends CodedException {
        TooLarge() {
            super(ErrorCode.REQUEST_TOO_LARGE, "The request is longer than %d bytes.".formatted(MOST));
        }
    }

    private static final class Limited extends HttpServletRequestWrapper {
        Limited(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new Counted(super.getInputStream());
        }
    }

    private static final class Counted extends ServletInputStream {
        private final ServletInputStream body;
        private long count;

        Counted(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int one = body.read();
            return counted(one == -1 ? -1 : 1) == -1 ? -1 : one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return counted(body.read(into, offset, length));
        }

        private int counted(int read) {
            count += Math.max(0, read);
            if (count > MOST) {
                throw new TooLarge();
            }
            return read;
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}
