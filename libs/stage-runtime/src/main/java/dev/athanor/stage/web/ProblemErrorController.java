package dev.athanor.stage.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** What filters and the container refuse with a bare status. */
@Controller
public class ProblemErrorController implements ErrorController {

    @RequestMapping("/error")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer s ? s : 404;
        Object message = request.getAttribute(RequestDispatcher.ERROR_MESSAGE);
        Problems.write(
                response,
                Problems.ofStatus(status),
                status,
                status < 500 && message instanceof String text && !text.isBlank()
                        ? text
                        : "the request cannot be processed");
    }
}
