package dev.athanor.stage.web;

import java.io.IOException;
import java.util.List;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/** Writes problem details where Tomcat would write its HTML page: requests that it refuses by itself. */
public class ProblemValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable throwable) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        String message = response.getMessage();
        String detail = status >= 500 || message == null || message.isBlank()
                ? "the request cannot be processed; expected a well-formed HTTP request to a known path"
                : message;
        byte[] body = Problems.bytes(Problems.ofStatus(status), status, detail, List.of());
        try {
            response.setContentType(Problems.MEDIA_TYPE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            // The caller has gone, or has already been answered.
        }
    }
}
