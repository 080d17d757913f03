package io.pressluft.controlplane.web;

import io.pressluft.controlplane.error.ErrorBody;
import io.pressluft.controlplane.error.ErrorCode;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the server refuses before any of our code sees it, such as a request line that is none, is refused in the one
 * shape as well.
 */
@Component
class EarlyErrors implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    @Override
    public void customize(TomcatServletWebServerFactory server) {
        server.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(Report.class.getName());
            }
        });
    }

    /** Made by the server, by its name. */
    public static final class Report extends ErrorReportValve {

        private static final Logger log = LoggerFactory.getLogger(Report.class);
        private static final JsonMapper JSON = JsonMapper.shared();

        @Override
        protected void report(Request request, Response response, @Nullable Throwable fault) {
            if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            var code = code(response.getStatus(), String.valueOf(request.getMethod()));
            try {
                response.setStatus(code.httpStatus());
                response.setContentType("application/json");
                response.setCharacterEncoding("UTF-8");
                var writer = response.getReporter();
                if (writer != null) {
                    writer.write(JSON.writeValueAsString(ErrorBody.of(code, sentence(code))));
                    response.finishResponse();
                }
            } catch (IOException | IllegalStateException gone) {
                log.debug("nobody is there to be told {}", code, gone);
            }
        }

        /** What this server has not implemented is the request's fault here: nothing of ours asks for it. */
        private static ErrorCode code(int status, String method) {
            return switch (status) {
                case 501 -> method.equals("CONNECT") ? ErrorCode.METHOD_NOT_ALLOWED : ErrorCode.REQUEST_INVALID;
                case 505 -> ErrorCode.REQUEST_INVALID;
                default -> ErrorCode.ofStatus(status);
            };
        }

        private static String sentence(ErrorCode code) {
            return code == ErrorCode.REQUEST_INVALID
                    ? "The request is not well-formed HTTP."
                    : "The request could not be carried out.";
        }
    }
}
