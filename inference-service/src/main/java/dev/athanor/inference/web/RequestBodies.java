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
            throw new AthanorException(ErrorCode.INVALID_REQUEST, e.getMessage(), e.violations(), e);
        }
    }
}
