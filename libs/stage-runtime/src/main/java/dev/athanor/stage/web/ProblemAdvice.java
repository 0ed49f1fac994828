package dev.athanor.stage.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.error.Violation;
import dev.athanor.contracts.json.SpecReader;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.MissingRequestHeaderException;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import tools.jackson.core.JacksonException;

/** Every exception of a controller as a problem: its category decides status and type, its violations name the fields. */
@RestControllerAdvice
public class ProblemAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final String RETRY_AFTER_SECONDS = "1";

    @ExceptionHandler
    ResponseEntity<ProblemDetail> athanor(AthanorException e) {
        if (e.code().httpStatus() >= 500) {
            LOG.warn("{}: {}", e.code().slug(), e.getMessage(), e.getCause());
        }
        return problem(e.code(), String.valueOf(e.getMessage()), e.violations(), new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(HttpMessageNotReadableException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof AthanorException inner) {
                return athanor(inner);
            }
            if (cause instanceof JacksonException json) {
                AthanorException explained = SpecReader.explain(json, null);
                return problem(
                        ErrorCode.INVALID_REQUEST,
                        String.valueOf(explained.getMessage()),
                        explained.violations(),
                        new HttpHeaders());
            }
        }
        return invalid(new Violation("body", null, "a JSON body"));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> invalid(MethodArgumentNotValidException e) {
        List<Violation> violations = e.getBindingResult().getFieldErrors().stream()
                .map(f -> new Violation(
                        f.getField(),
                        f.getRejectedValue() == null ? null : String.valueOf(f.getRejectedValue()),
                        String.valueOf(f.getDefaultMessage())))
                .toList();
        return problem(
                ErrorCode.INVALID_REQUEST,
                violations.isEmpty()
                        ? "the request is not valid"
                        : violations.getFirst().toString(),
                violations,
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> wrongType(MethodArgumentTypeMismatchException e) {
        Class<?> type = e.getRequiredType();
        return invalid(new Violation(
                e.getName(),
                String.valueOf(e.getValue()),
                type == null ? "another type" : "a value of type " + type.getSimpleName()));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> missing(MissingServletRequestParameterException e) {
        return invalid(new Violation(e.getParameterName(), null, "a value"));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> missing(MissingRequestHeaderException e) {
        return invalid(new Violation(e.getHeaderName(), null, "a value"));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> mediaType(HttpMediaTypeNotSupportedException e) {
        return problem(
                ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                "Content-Type: expected one of " + e.getSupportedMediaTypes() + ", got '" + e.getContentType() + "'",
                List.of(),
                e.getHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> accept(HttpMediaTypeNotAcceptableException e) {
        return problem(
                ErrorCode.NOT_ACCEPTABLE,
                "Accept: expected one that allows one of " + e.getSupportedMediaTypes(),
                List.of(),
                new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> method(HttpRequestMethodNotSupportedException e) {
        return problem(
                ErrorCode.METHOD_NOT_ALLOWED,
                "method: expected one of " + Arrays.toString(e.getSupportedMethods()) + ", got '" + e.getMethod() + "'",
                List.of(),
                e.getHeaders());
    }

    @ExceptionHandler({
        CannotCreateTransactionException.class,
        TransientDataAccessException.class,
        DataAccessResourceFailureException.class
    })
    ResponseEntity<ProblemDetail> database(Exception e) {
        LOG.warn("database unavailable", e);
        return problem(
                ErrorCode.UNAVAILABLE, "the database cannot be reached; try again later", List.of(), new HttpHeaders());
    }

    @ExceptionHandler
    void callerHasGone(AsyncRequestNotUsableException e) {
        LOG.debug("caller has gone", e);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> other(Exception e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof AthanorException inner) {
                return athanor(inner);
            }
        }
        if (e instanceof ErrorResponse response && response.getStatusCode().is4xxClientError()) {
            String detail = response.getBody().getDetail();
            return problem(
                    Problems.ofStatus(response.getStatusCode().value()),
                    detail == null ? "the request cannot be processed" : detail,
                    List.of(),
                    response.getHeaders());
        }
        LOG.error("unexpected failure", e);
        return problem(
                ErrorCode.INTERNAL,
                "something went wrong inside; the service's log says more",
                List.of(),
                new HttpHeaders());
    }

    private static ResponseEntity<ProblemDetail> invalid(Violation violation) {
        return problem(ErrorCode.INVALID_REQUEST, violation.toString(), List.of(violation), new HttpHeaders());
    }

    private static ResponseEntity<ProblemDetail> problem(
            ErrorCode code, String detail, List<Violation> violations, @Nullable HttpHeaders headers) {
        ProblemDetail problem = ProblemDetail.forStatus(code.httpStatus());
        problem.setDetail(detail);
        problem.setType(URI.create(code.problemType()));
        problem.setTitle(code.title());
        if (!violations.isEmpty()) {
            problem.setProperty("errors", violations);
        }
        HttpHeaders all = new HttpHeaders();
        if (headers != null) {
            all.putAll(headers);
        }
        if (code == ErrorCode.UNAVAILABLE && !all.containsHeader(HttpHeaders.RETRY_AFTER)) {
            all.set(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return ResponseEntity.status(code.httpStatus())
                .headers(all)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(problem);
    }
}
