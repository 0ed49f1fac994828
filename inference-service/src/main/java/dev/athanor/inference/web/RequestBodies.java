package dev.athanor.inference.web;

import dev.athanor.contracts.error.AthanorException;
import dev.athanor.contracts.error.ErrorCode;
import dev.athanor.contracts.json.SpecReader;
import tools.jackson.databind.JsonNode;

/** Reads request bodies strictly; what is wrong is an invalid request that names the field. */
final class RequestBodies {

    private RequestBodies() {}

    static <T> T read(JsonNode body, Class<T> type) {
        try {
            if (!body.isObject()) {
                throw AthanorException.invalidSpec("", body, "a JSON object");
            }
            return SpecReader.read(body, type);
        } catch (AthanorException e) {
            throw asRequestFault(e);
        }
    }

    /** The same violations, of a request rather than of a job specification. */
    static AthanorException asRequestFault(AthanorException e) {
        return new AthanorException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), e.violations(), e);
    }
}
