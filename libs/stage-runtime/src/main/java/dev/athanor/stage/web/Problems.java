package dev.athanor.stage.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import dev.athanor.contracts.json.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Problem details (RFC 9457) for what fails outside of controllers. */
public final class Problems {

    public static final String MEDIA_TYPE = "application/problem+json";

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    record Problem(String type, String title, int status, String detail, List<Violation> errors) {}

    private Problems() {}

    public static byte[] bytes(ErrorCode code, int status, String detail, List<Violation> errors) {
        return Json.MAPPER.writeValueAsBytes(new Problem(code.problemType(), code.title(), status, detail, errors));
    }

    /** Writes the whole response. */
    public static void write(HttpServletResponse response, ErrorCode code, int status, String detail)
            throws IOException {
        byte[] body = bytes(code, status, detail, List.of());
        response.setStatus(status);
        response.setContentType(MEDIA_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    public static void write(HttpServletResponse response, ErrorCode code, String detail) throws IOException {
        write(response, code, code.httpStatus(), detail);
    }

    /** The category of a bare HTTP status. */
    public static ErrorCode ofStatus(int status) {
        return Arrays.stream(ErrorCode.values())
                .filter(c -> c.httpStatus() == status)
                .findFirst()
                .orElse(status < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.INTERNAL);
    }
}
